package io.floodlock.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition outside this JVM's control, which can only be polled; it polls every 5 ms. */
public final class Await {

    private static final long POLL_MILLIS = 5;

    private Await() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param what names the condition in the failure
     * @throws AssertionError if the condition does not hold within the limit
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        until(() -> what, limit, condition);
    }

    /** As {@link #until(String, Duration, BooleanSupplier)}, with a text that is built only for the failure. */
    public static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what.get());
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw Interrupts.restored("waiting for " + what.get(), e);
            }
        }
    }
}
