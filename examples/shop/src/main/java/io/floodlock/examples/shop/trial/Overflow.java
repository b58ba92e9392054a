package io.floodlock.examples.shop.trial;

import io.floodlock.PessimisticLock;
import java.util.concurrent.locks.ReentrantLock;

/** A runaway recursion that takes a key on each level and is survived. Whatever it meets there, its JVM must go on. */
final class Overflow {

    private static final long STACK_BYTES = 192 * 1024;
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private Overflow() {}

    /** Returns when it is over; at once where one is under way. */
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
            // the end of the stack, or of the patience with a Redis that is down
        }
    }

    @PessimisticLock(key = "level:{0}", waitTime = "1s")
    void descend(int level) {
        descend(level + 1);
    }
}
