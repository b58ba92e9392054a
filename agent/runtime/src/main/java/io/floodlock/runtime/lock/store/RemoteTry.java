package io.floodlock.runtime.lock.store;

/** A request of another JVM that doesn't wait: it is to be answered if the key is in use here. */
public record RemoteTry(String session, long grant) {}
