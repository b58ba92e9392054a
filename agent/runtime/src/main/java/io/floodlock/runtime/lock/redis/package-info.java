/**
 * The lock store on Redis: one script per operation, and one lease per bucket. Reading order: {@code LockScripts} and
 * {@code bucket.lua}, {@code RedisLockStore}, {@code RedisBucket}, {@code BucketSession}, {@code LeaseRenewal}, then
 * the parts to which {@code RedisBucket} delegates.
 */
package io.floodlock.runtime.lock.redis;
