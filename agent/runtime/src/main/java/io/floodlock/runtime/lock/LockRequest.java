package io.floodlock.runtime.lock;

/**
 * One key that a call wants.
 *
 * @param name the key as built from the call's arguments, within the namespace
 */
public record LockRequest(String name, Mode mode) {}
