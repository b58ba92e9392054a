/**
 * The lock store on Redis: one script per operation, and one lease per bucket. Start at LockScripts and bucket.lua.
 */
package io.floodlock.runtime.lock.redis;
