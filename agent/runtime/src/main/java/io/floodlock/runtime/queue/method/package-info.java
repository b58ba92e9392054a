/**
 * Queued methods of this JVM and the objects whose bodies run. Reading order: {@code QueueRegistry}, {@code QueueSite},
 * {@code TargetResolver}, {@code SpringContext}.
 */
package io.floodlock.runtime.queue.method;
