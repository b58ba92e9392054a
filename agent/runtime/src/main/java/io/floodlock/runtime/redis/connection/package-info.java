/** One connection to Redis: how it is made, watched and inspected. */
package io.floodlock.runtime.redis.connection;
