package io.floodlock.runtime.lock;

/** A request of another JVM that doesn't wait: it is to be answered if the key is in use here. */
record Asker(String session, long grant) {}
