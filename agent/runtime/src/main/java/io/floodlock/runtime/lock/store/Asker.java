package io.floodlock.runtime.lock.store;

/** A request of another JVM that doesn't wait: it is to be answered if the key is in use here. */
public record Asker(String session, long grant) {}
