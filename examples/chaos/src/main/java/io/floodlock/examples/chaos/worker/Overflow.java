package io.floodlock.examples.chaos.worker;

/**
 * Recursions that acquire a key on each level until the stack overflows. Wherever the overflow happens, the JVM must
 * continue to work.
 */
final class Overflow {

    private static final long STACK_BYTES = 192 * 1024;

    private final Locking locking;
    private final String prefix;

    /** @param prefix of the keys, which no other code uses */
    Overflow(Locking locking, String prefix) {
        this.locking = locking;
        this.prefix = prefix;
    }

    /** Runs one recursion and returns when it has ended. */
    void survive() throws InterruptedException {
        Thread thread = new Thread(null, this::run, "overflowing", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        thread.join();
    }

    private void run() {
        try {
            descend(0);
        } catch (Exception | StackOverflowError e) {
            // the stack has overflowed, or an acquisition has timed out because Redis is down
        }
    }

    private void descend(int level) throws Exception {
        locking.exclusive(prefix + level, () -> descend(level + 1));
    }
}
