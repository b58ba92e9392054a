/**
 * Queues that are measured, and what consumes them. Reading order: {@code QueueKind}, {@code Arrivals},
 * {@code QueuedWork}, {@code DatabaseWork}, {@code RedissonQueues}.
 */
package io.floodlock.examples.bench.queues;
