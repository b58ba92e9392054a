package io.floodlock.examples.chaos;

import io.floodlock.runtime.lock.engine.CrowdJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Who of a crowd has had the key, and whether anybody else was inside then. Thread-safe. */
final class Turns {

    private final List<String> wrong;
    private final List<CrowdJvm> entered = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private Runnable first;
    private CrowdJvm mortal;

    /** @param wrong gets what is */
    Turns(List<String> wrong) {
        this.wrong = wrong;
    }

    /** The one that all wait for has it. */
    synchronized void first(Runnable leave) {
        inside.incrementAndGet();
        first = leave;
    }

    synchronized boolean held() {
        return first != null;
    }

    /** That one will die when it is inside. */
    synchronized void diesInside(CrowdJvm jvm) {
        mortal = jvm;
    }

    /** The first leaves it. */
    void open() {
        inside.decrementAndGet();
        first.run();
    }

    void next(CrowdJvm jvm, Runnable leave) {
        boolean dies;
        synchronized (this) {
            if (inside.incrementAndGet() > 1) {
                wrong.add("two inside at once");
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
