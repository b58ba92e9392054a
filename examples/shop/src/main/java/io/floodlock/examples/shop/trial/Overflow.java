package io.floodlock.examples.shop.trial;

import io.floodlock.PessimisticLock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A recursion that acquires a key on each level until the stack overflows. Wherever the overflow happens, the JVM
 * must continue to work.
 */
final class Overflow {

    private static final long STACK_BYTES = 192 * 1024;
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private Overflow() {}

    /** Runs one recursion and returns when it has ended; returns at once if one is already running. */
    static void survive() {
        if (!ONE_AT_A_TIME.tryLock()) {
            return;
        }
        try {
            Thread thread = new Thread(null, Overflow::run, "overflowing", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static void run() {
        try {
            new Overflow().descend(0);
        } catch (StackOverflowError | RuntimeException e) {
            // the stack has overflowed, or an acquisition has timed out because Redis is down
        }
    }

    @PessimisticLock(key = "level:{0}", waitTime = "1s")
    void descend(int level) {
        descend(level + 1);
    }
}
