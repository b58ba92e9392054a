/**
 * Consumption of stored calls: lanes of this JVM, order of keys, runs. Reading order: {@code StoredQueueEngine},
 * {@code QueueConsumer}, {@code Lane} with its parts {@code LaneWindow}, {@code ProducerPositions}, {@code LaneWriter}
 * and {@code KeyScheduler}, then {@code CallRun} and {@code BodyRun}, {@code QueueThreads}, {@code ConsumerMembership}
 * and {@code LaneAssignment}, {@code CrashIsolation}.
 */
package io.floodlock.runtime.queue.engine;
