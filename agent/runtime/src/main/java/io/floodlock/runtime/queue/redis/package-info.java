/** Lanes, layouts and counters on Redis, one script per operation. */
package io.floodlock.runtime.queue.redis;
