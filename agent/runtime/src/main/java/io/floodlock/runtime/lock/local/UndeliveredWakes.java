package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.thread.SpinMutex;
import java.util.function.Consumer;

/** Those who could not be told, for want of memory. They are linked to each other, so that to add one takes none. Thread-safe. */
final class UndeliveredWakes {

    private final SpinMutex mutex = new SpinMutex();
    private Waiter first;

    void add(Waiter waiter) {
        mutex.lock();
        try {
            if (!waiter.untold) {
                waiter.untold = true;
                waiter.nextUntold = first;
                first = waiter;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** @param again may add them again */
    void tell(Consumer<Waiter> again) {
        Waiter waiter = takeAll();
        while (waiter != null) {
            Waiter next = waiter.nextUntold;
            waiter.nextUntold = null;
            waiter.untold = false;
            again.accept(waiter);
            waiter = next;
        }
    }

    private Waiter takeAll() {
        mutex.lock();
        try {
            Waiter all = first;
            first = null;
            return all;
        } finally {
            mutex.unlock();
        }
    }
}
