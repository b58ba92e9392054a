/**
 * Lanes, layouts and counters in Redis, one script per operation. Reading order: {@code RedisQueueKeys},
 * {@code RedisLaneLog}, {@code RedisQueueLayout}, {@code RedisLaneEntries}, {@code Outage}.
 */
package io.floodlock.runtime.queue.redis;
