/**
 * What a call takes along of its caller's thread. Reading order: {@code CallContext}, {@code Carrier}, and the
 * carriers.
 */
package io.floodlock.runtime.queue.context;
