package io.floodlock.runtime.lock.store;

/** Another JVM's request that doesn't wait: to be answered BUSY if the key is in use in this JVM. Immutable. */
public record RemoteTry(String session, long grant) {}
