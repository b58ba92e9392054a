/**
 * The connection to Redis: it is made at the first use and checked once, and runs scripts. Reading order:
 * {@code RedisGateway}, {@code ConnectionWatch}, then the package {@code redis.connection} from {@code LiveConnection},
 * and {@code redis.command} from {@code PendingRequests}.
 */
package io.floodlock.runtime.redis;
