/**
 * Queued methods of this JVM and the objects whose bodies run. Reading order: {@code QueueRegistry}, {@code QueueSite},
 * {@code ConsumedCall} (how a consumer's own call is told from others), {@code TargetResolver}, {@code SpringContext}.
 */
package io.floodlock.runtime.queue.method;
