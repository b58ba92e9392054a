/** Lanes, layouts and counters in Redis, one script per operation. Start at RedisQueueKeys, then RedisLaneLog. */
package io.floodlock.runtime.queue.redis;
