package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What one who doesn't wait is told of whoever is in its way. */
class RefusalIT extends TwoJvms {

    private static final String PID = "pid " + ProcessHandle.current().pid();

    @Test
    void theHolderElsewhere() {
        LockScope held = two.lock("a");
        refused("a", "held exclusive by", PID, Thread.currentThread().getName(), "test.Orders.place");
        // this JVM has been told by Redis, and doesn't ask the holder again
        refused("a", "held exclusive by", PID, Thread.currentThread().getName(), "test.Orders.place");
        held.close();
    }

    @Test
    void theHolderInThisJvm() {
        LockScope held = one.lock("b");
        refused("b", "held exclusive by this JVM", PID, Thread.currentThread().getName());
        held.close();
        LockScope shared = one.share("b");
        refused("b", "held shared by this JVM", PID, Thread.currentThread().getName());
        shared.close();
    }

    @Test
    void theHolderElsewhereWhileOthersOfThisJvmWait() throws InterruptedException {
        LockScope held = two.lock("c");
        Thread waiting = waitFor("c");
        Await.until("it waits in Redis", TestJvm.LONG, () -> TestJvm.waiting("c", server) == 1);
        refused("c", "held exclusive by", PID, Thread.currentThread().getName());
        held.close();
        waiting.join();
    }

    /** Nothing is asked for this one, so nobody can know. */
    @Test
    void whoWaitsBeforeItAsLongAsRedisHasNotAnswered() throws InterruptedException {
        one.lock("d").close();
        Thread waiting;
        LockScope held = two.lock("d");
        server.pause();
        try {
            waiting = waitFor("d");
            Await.until("it waits", TestJvm.LONG, () -> waiting.getState() == Thread.State.TIMED_WAITING);
            refused(
                    "d",
                    "thread the waiter in test.Orders.place of this JVM waits before it",
                    "has not reported the holder yet");
        } finally {
            server.resume();
        }
        held.close();
        waiting.join();
    }

    private Thread waitFor(String name) {
        Thread thread = new Thread(() -> one.lock(name).close(), "the waiter");
        thread.start();
        return thread;
    }

    private void refused(String name, String... parts) {
        FloodlockFailure failure = CompletableFuture.supplyAsync(() ->
                        assertThrows(FloodlockFailure.class, () -> one.take(LockMode.EXCLUSIVE, Duration.ZERO, name)))
                .join();
        assertEquals(Failure.LOCK_TIMEOUT, failure.kind());
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), failure.getMessage());
        }
    }
}
