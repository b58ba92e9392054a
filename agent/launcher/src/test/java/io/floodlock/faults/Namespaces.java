package io.floodlock.faults;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that keep tests which share servers apart. */
public final class Namespaces {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Namespaces() {}

    public static String next() {
        return "test" + COUNT.incrementAndGet();
    }
}
