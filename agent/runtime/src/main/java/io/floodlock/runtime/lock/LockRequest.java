package io.floodlock.runtime.lock;

/**
 * One key that a call wants. Immutable.
 *
 * @param name the key as built from the call's arguments, within the namespace
 * @param form the common part of all keys built like this one, {@code order:{}}; the order of nested keys is watched
 *     by form
 */
public record LockRequest(String name, LockMode mode, String form) {

    /** A key that is built from no argument: its form is its name. */
    public LockRequest(String name, LockMode mode) {
        this(name, mode, name);
    }
}
