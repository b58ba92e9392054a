package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.thread.SpinMutex;
import java.util.function.Consumer;

/**
 * The waiters that could not be woken for lack of memory. {@link LockTable#mend} tries again. They are linked to each
 * other, so adding one allocates nothing. Thread-safe.
 */
final class UndeliveredWakes {

    private final SpinMutex mutex = new SpinMutex();
    private Waiter first;

    void add(Waiter waiter) {
        mutex.lock();
        try {
            if (!waiter.wakeUndelivered) {
                waiter.wakeUndelivered = true;
                waiter.nextUndelivered = first;
                first = waiter;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Removes all waiters and passes each to {@code again}, which may add it again. */
    void deliver(Consumer<Waiter> again) {
        Waiter waiter = takeAll();
        while (waiter != null) {
            Waiter next = waiter.nextUndelivered;
            waiter.nextUndelivered = null;
            waiter.wakeUndelivered = false;
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
