/**
 * Acquisition of the keys of one request, by threads and by asynchronous calls. Reading order: {@code Acquisition},
 * {@code AcquisitionOrder}, {@code LeaseLockEngine}, {@code ThreadAcquirer}, {@code AsyncAcquisition}, then
 * {@code MinimumHold} and {@code InversionDetector}.
 */
package io.floodlock.runtime.lock.engine;
