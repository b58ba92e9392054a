package io.floodlock.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A message that a {@link WireProxy} holds until it is released. Thread-safe. */
public final class HeldMessage {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    HeldMessage() {}

    /**
     * Waits for up to a minute until the message has arrived at the proxy.
     *
     * @throws AssertionError if it does not arrive in time
     */
    public void awaitArrival() {
        try {
            if (!arrived.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the message to hold was never sent");
            }
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for a message", e);
        }
    }

    /** Forwards the message, even if its sender has closed the connection meanwhile. */
    public void release() {
        released.countDown();
    }

    void block() {
        arrived.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            throw Interrupts.restored("holding a message", e);
        }
    }
}
