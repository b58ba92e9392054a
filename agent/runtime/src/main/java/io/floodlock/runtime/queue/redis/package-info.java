/**
 * The store of calls in Redis, one script per operation. Reading order: {@code RedisQueueKeys}, {@code RedisCallStore},
 * {@code RedisLayouts}, {@code RedisAppender}, {@code RedisLaneFeed} with {@code SlotRead}, {@code StreamReads} and
 * {@code ReadBudget}, {@code RedisLaneLog}, {@code RedisProgress}, {@code RedisConsumerDirectory},
 * {@code RedisResultChannel}.
 */
package io.floodlock.runtime.queue.redis;
