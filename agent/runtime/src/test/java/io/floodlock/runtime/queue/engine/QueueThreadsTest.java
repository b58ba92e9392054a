package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.consume.PatientExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps of the queues are lost neither by a failure nor by a thread that can't be made. */
@Timeout(60)
class QueueThreadsTest {

    private final ScheduledThreadPoolExecutor timer = QueueThreads.timer();

    @AfterEach
    void shutdown() {
        timer.shutdownNow();
    }

    @Test
    void aPeriodicActionThatFailsIsRunAgain() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        timer.scheduleWithFixedDelay(
                () -> {
                    runs.countDown();
                    throw new AssertionError("injected");
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        runs.await();
    }

    @Test
    void theTimersThreadIsThereBeforeItIsNeeded() {
        assertEquals(1, timer.getPoolSize());
    }

    @Test
    void aRefusedTaskIsGivenAgainUntilItIsTaken() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Executor pool = task -> {
            switch (refusals.getAndIncrement()) {
                case 0 -> throw new OutOfMemoryError("unable to create native thread (injected)");
                case 1 -> throw new RejectedExecutionException("refused (injected)");
                default -> task.run();
            }
        };
        new PatientExecutor(pool, timer).execute(() -> {
            runs.incrementAndGet();
            done.countDown();
        });
        done.await();
        assertEquals(1, runs.get());
    }

    @Test
    void aRefusedTaskIsDroppedOnceTheTimerIsShutDown() {
        timer.shutdownNow();
        AtomicInteger asked = new AtomicInteger();
        Executor pool = task -> {
            asked.incrementAndGet();
            throw new RejectedExecutionException("shut down (injected)");
        };
        new PatientExecutor(pool, timer).execute(() -> {});
        assertEquals(1, asked.get());
        assertTrue(timer.getQueue().isEmpty());
    }
}
