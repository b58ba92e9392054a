package io.floodlock.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A message on its way, which a {@link WireProxy} keeps until it is released. Thread-safe. */
public final class HeldMessage {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    HeldMessage() {}

    /** Waits up to a minute until it has been sent. */
    public void awaitArrival() {
        try {
            if (!arrived.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the message to hold was never sent");
            }
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for a message", e);
        }
    }

    /** Sends it on, even if its sender is gone meanwhile. */
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
