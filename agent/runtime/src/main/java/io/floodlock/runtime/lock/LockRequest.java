package io.floodlock.runtime.lock;

/**
 * One key that a call wants.
 *
 * @param name the key as built from the call's arguments, within the namespace
 * @param form what all keys built as this one have in common, {@code order:{}}; by it the order of nested keys is watched
 */
public record LockRequest(String name, LockMode mode, String form) {

    /** A key that is built from nothing. */
    public LockRequest(String name, LockMode mode) {
        this(name, mode, name);
    }
}
