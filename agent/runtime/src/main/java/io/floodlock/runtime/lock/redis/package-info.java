/** The lock store on Redis: one script per operation, sessions renewed per bucket. Start at LockScripts. */
package io.floodlock.runtime.lock.redis;
