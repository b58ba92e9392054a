/** Acquisition of the keys of one request, by threads and by asynchronous calls. Start at Acquisition. */
package io.floodlock.runtime.lock.engine;
