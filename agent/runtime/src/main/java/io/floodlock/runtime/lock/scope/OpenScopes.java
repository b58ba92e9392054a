package io.floodlock.runtime.lock.scope;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Counts the scopes of this JVM that are open, and waits for them as it shuts down. Thread-safe. */
public final class OpenScopes {

    private final BooleanSupplier closing;

    /** Incremented before {@link #closed}: if that is read first, it is never more than what had been opened. */
    private final LongAdder opened = new LongAdder();

    private final LongAdder closed = new LongAdder();
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition allClosed = mutex.newCondition();

    /** @param closing whether the JVM shuts down */
    OpenScopes(BooleanSupplier closing) {
        this.closing = closing;
    }

    /**
     * How many are open, or were a moment ago: 0 only if there was a moment, since this was called, at which none was.
     */
    public int count() {
        long ended = closed.sum();
        return (int) (opened.sum() - ended);
    }

    void opened() {
        opened.increment();
    }

    void closed() {
        closed.increment();
        if (closing.getAsBoolean() && count() == 0) {
            mutex.lock();
            try {
                allClosed.signalAll();
            } finally {
                mutex.unlock();
            }
        }
    }

    /** How many are still open after {@code patience}. */
    public int awaitAllClosed(Duration patience) {
        long left = patience.toNanos();
        mutex.lock();
        try {
            // a scope may close between the look and the wait: look again now and then
            while (count() > 0 && left > 0) {
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                left -= slice - Math.max(0, allClosed.awaitNanos(slice));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            mutex.unlock();
        }
        return count();
    }
}
