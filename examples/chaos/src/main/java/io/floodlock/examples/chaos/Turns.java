package io.floodlock.examples.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Records the JVMs of a crowd that have held the key, and whether another JVM held it at the same time. Thread-safe.
 */
final class Turns {

    private final List<String> wrong;
    private final List<CrowdJvm> entered = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private Runnable first;
    private CrowdJvm mortal;

    /** @param wrong receives a description of each violation */
    Turns(List<String> wrong) {
        this.wrong = wrong;
    }

    /** Called when the first holder, for which all others wait, has the key. */
    synchronized void first(Runnable leave) {
        inside.incrementAndGet();
        first = leave;
    }

    synchronized boolean held() {
        return first != null;
    }

    /** Makes this JVM die when it holds the key. */
    synchronized void diesInside(CrowdJvm jvm) {
        mortal = jvm;
    }

    /** Releases the key of the first holder. */
    void open() {
        inside.decrementAndGet();
        first.run();
    }

    void next(CrowdJvm jvm, Runnable leave) {
        boolean dies;
        synchronized (this) {
            if (inside.incrementAndGet() > 1) {
                wrong.add("two JVMs held the key at once");
            }
            entered.add(jvm);
            dies = jvm == mortal;
        }
        inside.decrementAndGet();
        if (dies) {
            jvm.die();
        } else {
            leave.run();
        }
    }

    synchronized int count() {
        return entered.size();
    }

    synchronized boolean inOrder(List<CrowdJvm> order) {
        return entered.equals(order.subList(0, entered.size()));
    }
}
