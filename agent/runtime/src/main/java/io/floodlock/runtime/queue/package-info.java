/**
 * Durable calls: the calls of {@code @Queued} methods are stored in Redis, and consumers in any JVM run them. Reading
 * order: {@code QueueEngine} and {@code QueuedMethod}, then the packages {@code queue.engine}, {@code queue.method}
 * (queued methods), {@code queue.produce} (storing calls), {@code queue.consume} and {@code queue.lane} (running them),
 * {@code queue.result} (results), {@code queue.payload} (arguments and results as bytes), {@code queue.record} (the
 * binary form of stored calls), {@code queue.store} (the port to the store) and {@code queue.redis}.
 */
package io.floodlock.runtime.queue;
