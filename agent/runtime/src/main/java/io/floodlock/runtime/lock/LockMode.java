package io.floodlock.runtime.lock;

/** How a key is held: by several scopes of all JVMs together, or by one scope alone. */
public enum LockMode {
    SHARED,
    EXCLUSIVE
}
