package io.floodlock.runtime.lock;

/** How a key is held. */
public enum LockMode {
    SHARED,
    EXCLUSIVE
}
