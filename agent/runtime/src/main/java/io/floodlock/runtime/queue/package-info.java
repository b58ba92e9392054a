/** Durable calls: lanes, the flusher, consumers, the codec. */
package io.floodlock.runtime.queue;
