/** Consumption: lanes of this JVM, the order of keys and the runs of calls. Start at QueueConsumer, then Lane. */
package io.floodlock.runtime.queue.engine;
