/** Durable calls: the calls of {@code @Queued} methods are stored in Redis, and consumers in any JVM run them. */
package io.floodlock.runtime.queue;
