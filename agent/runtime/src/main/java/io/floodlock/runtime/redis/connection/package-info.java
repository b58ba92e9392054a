/**
 * One connection to Redis: how it is made, watched and inspected. Reading order: {@code LiveConnection},
 * {@code ClientConfig} and {@code ClientProfile}, {@code ServerRequirements}, {@code StreamGuard}.
 */
package io.floodlock.runtime.redis.connection;
