/**
 * Consumption of stored calls: lanes of this JVM, order of keys, runs. Reading order: {@code StoredQueueEngine},
 * {@code QueueConsumer}, {@code Lane} with its parts {@code LaneWindow}, {@code ProducerPositions}, {@code LaneWriter},
 * {@code KeyScheduler}, {@code Reservation}, {@code WindowRelief} and {@code HandOver}, then {@code CallRun},
 * {@code BodyRun} and {@code CrashIsolation}, {@code QueueThreads}, {@code ConsumerMembership} and
 * {@code LaneAssignment}.
 */
package io.floodlock.runtime.queue.engine;
