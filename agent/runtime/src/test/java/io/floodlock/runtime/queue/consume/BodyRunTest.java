package io.floodlock.runtime.queue.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one end of a run of a body. The timer and the workers run here when the test says so. */
class BodyRunTest {

    /** Keeps actions until the test lets their time pass. */
    private static final class HeldTimer extends ScheduledThreadPoolExecutor {

        private final Deque<Runnable> held = new ArrayDeque<>();

        HeldTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
            held.add(action);
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void pass() {
            held.remove().run();
        }
    }

    private final HeldTimer timer = new HeldTimer();
    private final Deque<Runnable> workers = new ArrayDeque<>();
    private final List<String> ends = new ArrayList<>();
    private Throwable failure;

    private final BodyRun.End end = new BodyRun.End() {
        @Override
        public void settle(Object value, Throwable thrown) {
            failure = thrown;
            ends.add(thrown == null ? String.valueOf(value) : thrown.getClass().getSimpleName());
        }

        @Override
        public void over() {
            ends.add("over");
        }
    };

    @AfterEach
    void clear() {
        timer.shutdownNow();
        assertFalse(Thread.interrupted(), "an interrupt is left to the thread's next call");
    }

    private BodyRun run() {
        return new BodyRun(Duration.ofMillis(300), getClass().getClassLoader(), timer, workers::add, end);
    }

    private void work() {
        while (!workers.isEmpty()) {
            workers.remove().run();
        }
    }

    @Test
    void aValueAndAnExceptionEndTheRunOnItsWorker() {
        assertTrue(run().run(() -> "done"));
        assertTrue(run().run(() -> {
            throw new IllegalStateException("bad");
        }));
        assertEquals(List.of("done", "IllegalStateException"), ends);
    }

    @Test
    void aCompleteStageEndsTheRunOnItsWorker() {
        assertTrue(run().run(() -> CompletableFuture.completedFuture("done")));
        assertTrue(run().run(() -> CompletableFuture.failedFuture(new IllegalStateException("bad"))));
        assertEquals(List.of("done", "IllegalStateException"), ends);
        assertTrue(workers.isEmpty());
    }

    @Test
    void aStageThatCompletesLaterEndsTheRunOnAWorker() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertFalse(run().run(() -> stage));

        stage.complete("done");

        assertEquals(List.of(), ends);
        work();
        assertEquals(List.of("done", "over"), ends);
        timer.pass();
        work();
        assertEquals(2, ends.size());
    }

    /** Cancelling the copy that such a stage gives has no effect on the stage. */
    @Test
    void theTimeoutEndsARunThatWaitsForAMinimalStage() {
        CompletableFuture<String> hidden = new CompletableFuture<>();
        CompletionStage<String> minimal = hidden.minimalCompletionStage();
        assertFalse(run().run(() -> minimal));

        timer.pass();
        work();

        assertEquals(List.of("Late", "over"), ends);
        assertEquals("it took longer than 300 ms", failure.getMessage());
        hidden.complete("too late");
        work();
        assertEquals(2, ends.size());
    }

    @Test
    void theTimerNeverRunsTheApplicationsCallbacks() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        List<Integer> endsBefore = new ArrayList<>();
        stage.whenComplete((value, thrown) -> endsBefore.add(ends.size()));
        assertFalse(run().run(() -> stage));

        timer.pass();

        assertEquals(List.of(), endsBefore);
        work();
        assertEquals(List.of(1), endsBefore, "settled before callbacks that may block, and over after them");
        assertEquals(List.of("Late", "over"), ends);
    }

    @Test
    void theTimeoutInterruptsABodyThatRuns() {
        assertTrue(run().run(() -> {
            timer.pass();
            assertTrue(Thread.currentThread().isInterrupted());
            return "done";
        }));
        assertEquals(List.of("Late"), ends);
    }

    @Test
    void aStageThatIsReturnedAfterTheTimeoutIsCancelledAndIgnored() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertTrue(run().run(() -> {
            timer.pass();
            return stage;
        }));
        assertEquals(List.of("Late"), ends);
        assertTrue(stage.isCancelled());
    }

    @Test
    void whatCompletesBeforeTheTimeoutCounts() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertFalse(run().run(() -> stage));
        stage.complete("done");
        timer.pass();
        work();
        assertEquals(List.of("done", "over"), ends);
        assertNull(failure);
    }

    @Test
    void anInterruptThatTheBodyLeavesEndsWithIt() {
        assertTrue(run().run(() -> {
            Thread.currentThread().interrupt();
            return null;
        }));
        assertFalse(run().run(() -> {
            Thread.currentThread().interrupt();
            return new CompletableFuture<>();
        }));
    }

    /** An application's own stage may refuse callbacks, or to be cancelled. */
    @Test
    void aStageThatFailsIsAFailureOfTheBody() {
        RuntimeException refusal = new UnsupportedOperationException("no callbacks");
        assertTrue(run().run(() -> new CompletableFuture<String>() {
            @Override
            public CompletableFuture<String> whenComplete(
                    java.util.function.BiConsumer<? super String, ? super Throwable> action) {
                throw refusal;
            }
        }));
        assertSame(refusal, failure);

        AtomicBoolean asked = new AtomicBoolean();
        assertFalse(run().run(() -> new CompletableFuture<String>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                asked.set(true);
                throw refusal;
            }
        }));
        timer.pass();
        timer.pass();
        work();
        assertTrue(asked.get());
        assertInstanceOf(BodyRun.Late.class, failure);
        assertEquals("over", ends.get(ends.size() - 1));
    }
}
