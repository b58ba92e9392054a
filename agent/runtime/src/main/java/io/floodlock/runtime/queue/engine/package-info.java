/** Consumption of stored calls: lanes of this JVM, order of keys, runs. Start at QueueConsumer, then read Lane. */
package io.floodlock.runtime.queue.engine;
