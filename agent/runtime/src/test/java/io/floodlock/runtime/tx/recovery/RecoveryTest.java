package io.floodlock.runtime.tx.recovery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    @Test
    void aSweepThatFailsIsFollowedByTheNext() throws InterruptedException {
        AtomicInteger sweeps = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(1);
        Recovery recovery = new Recovery(
                sources -> {
                    switch (sweeps.incrementAndGet()) {
                        case 1 -> throw new IllegalStateException("of a pool that is closed");
                        case 2 -> throw new OutOfMemoryError("of a full heap");
                        default -> third.countDown();
                    }
                },
                new RecoveryTiming(1, 1, 1));
        recovery.start();
        try {
            assertTrue(third.await(30, TimeUnit.SECONDS), () -> "after " + sweeps + " sweeps");
        } finally {
            recovery.stop();
        }
    }
}
