/** Scripts and commands: how they are encoded, and how their errors are named. */
package io.floodlock.runtime.redis.command;
