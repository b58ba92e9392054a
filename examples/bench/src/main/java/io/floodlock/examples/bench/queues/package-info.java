/**
 * Queues that are measured, and what consumes them. Reading order: {@code QueueKind}, {@code Arrivals},
 * {@code QueuedWork}, {@code RedissonQueues}.
 */
package io.floodlock.examples.bench.queues;
