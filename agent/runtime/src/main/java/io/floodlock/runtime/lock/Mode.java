package io.floodlock.runtime.lock;

/** How a key is held. */
public enum Mode {
    SHARED,
    EXCLUSIVE
}
