/** The connection to Redis: it is made at the first use and checked once, and runs scripts. */
package io.floodlock.runtime.redis;
