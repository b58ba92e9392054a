/** The Redis connection: a client made at the first use, checked once, and the scripts that run over it. */
package io.floodlock.runtime.redis;
