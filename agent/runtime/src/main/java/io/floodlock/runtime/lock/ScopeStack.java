package io.floodlock.runtime.lock;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The open scopes of each thread, innermost first, and how many there are in all. A new thread inherits none. */
final class ScopeStack {

    private final ThreadLocal<Scope> innermost = new ThreadLocal<>();
    private final Locks locks;

    private final AtomicInteger open = new AtomicInteger();
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition allClosed = mutex.newCondition();

    ScopeStack(Locks locks) {
        this.locks = locks;
    }

    Locks locks() {
        return locks;
    }

    Scope current() {
        return innermost.get();
    }

    void push(Scope scope) {
        innermost.set(scope);
        open.incrementAndGet();
    }

    /** Closing out of order, a misuse, must still free the key and leave no scope behind. */
    void pop(Scope scope) {
        if (innermost.get() == scope) {
            if (scope.outer() == null) {
                innermost.remove();
            } else {
                innermost.set(scope.outer());
            }
        }
        if (open.decrementAndGet() == 0 && locks.closing()) {
            mutex.lock();
            try {
                allClosed.signalAll();
            } finally {
                mutex.unlock();
            }
        }
    }

    /** How many are still open after {@code patience}. */
    int awaitAllClosed(Duration patience) {
        long left = patience.toNanos();
        mutex.lock();
        try {
            // a scope may close between the look and the wait: look again now and then
            while (open.get() > 0 && left > 0) {
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                left -= slice - Math.max(0, allClosed.awaitNanos(slice));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            mutex.unlock();
        }
        return open.get();
    }
}
