/**
 * The queue engine: puts the rooms together. Reading order: {@code StoredQueueEngine}, {@code QueueThreads},
 * {@code Continuations}.
 */
package io.floodlock.runtime.queue.engine;
