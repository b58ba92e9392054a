/**
 * Consumption of stored calls in this JVM. Reading order: {@code QueueConsumer}, {@code CallDispatcher},
 * {@code CallRun}, {@code BodyRun}, {@code Backoff}, then {@code ConsumerMembership} and {@code LaneAssignment}.
 */
package io.floodlock.runtime.queue.consume;
