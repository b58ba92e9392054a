/**
 * Failures inside the agent, before each becomes the public exception class that the caller's loader finds. Begin with
 * {@code Failure}, then {@code FloodlockFailure}.
 */
package io.floodlock.runtime.failure;
