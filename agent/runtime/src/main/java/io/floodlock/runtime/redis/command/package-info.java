/**
 * Scripts and commands: how they are encoded and sent, and how their errors are named. Reading order: {@code Script},
 * {@code CommandEncoder}, {@code PendingRequests}, {@code RequestHealth}, {@code RedisErrors}.
 */
package io.floodlock.runtime.redis.command;
