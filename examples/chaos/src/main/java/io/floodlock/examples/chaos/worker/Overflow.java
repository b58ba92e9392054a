package io.floodlock.examples.chaos.worker;

/** Runaway recursions that take a key on each level and are survived. Whatever they meet there, their JVM must go on. */
final class Overflow {

    private static final long STACK_BYTES = 192 * 1024;

    private final Locking locking;
    private final String prefix;

    /** @param prefix of the keys, which nobody else takes */
    Overflow(Locking locking, String prefix) {
        this.locking = locking;
        this.prefix = prefix;
    }

    /** Returns when it is over. */
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
            // the end of the stack, or of the patience with a Redis that is down
        }
    }

    private void descend(int level) throws Exception {
        locking.exclusive(prefix + level, () -> descend(level + 1));
    }
}
