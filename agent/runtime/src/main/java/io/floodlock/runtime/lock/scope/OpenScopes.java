package io.floodlock.runtime.lock.scope;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Counts the scopes of this JVM that are open, and the transactions that keep keys of closed scopes.
 * {@code LeaseLockEngine.close} waits here until all of them have closed. Thread-safe.
 */
public final class OpenScopes {

    private final BooleanSupplier closing;

    /**
     * Each scope increments this before {@link #closed}. A reader that reads {@link #closed} first therefore never
     * sees more closed scopes than opened ones.
     */
    private final LongAdder opened = new LongAdder();

    private final LongAdder closed = new LongAdder();
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition allClosed = mutex.newCondition();

    /** @param closing whether the JVM is shutting down */
    OpenScopes(BooleanSupplier closing) {
        this.closing = closing;
    }

    /**
     * The number of open scopes, which may be slightly out of date. It is 0 only if there was a moment, since this
     * call began, at which no scope was open.
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

    /**
     * Waits at most {@code patience} until no scope is open; an interrupt ends the wait and stays set.
     *
     * @return the number of scopes that are still open
     */
    public int awaitAllClosed(Duration patience) {
        long left = patience.toNanos();
        mutex.lock();
        try {
            // a scope may close between the check and the wait, without a signal: check again every 50 ms
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
