/**
 * The checks and statements behind the commands {@code check} and {@code ddl} of the agent's jar. Start at {@code
 * RedisChecks} and {@code DatabaseChecks}; {@code Check} is their result.
 */
package io.floodlock.runtime.tool;
