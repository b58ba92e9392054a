package io.floodlock.runtime.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The scope of a method that returns a stage. */
class ScopedStageTest {

    private static final Executor THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private final CompletableFuture<Object> work = new CompletableFuture<>();
    private final ScriptedCall call = new ScriptedCall(() -> work);

    @Test
    void endsBeforeTheResultIsSeen() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        result.thenRun(() -> call.events.add("seen"));
        assertEquals(List.of("asked", "body"), call.events);
        work.complete(7);
        assertEquals(7, result.join());
        assertEquals(List.of("asked", "body", "closed", "seen"), call.events);
    }

    @Test
    void putsTheBodyOffUntilTheLocksAreHeld() {
        CompletableFuture<Object> result = ScopedStage.start(call);
        assertEquals(List.of("asked"), call.events);
        call.grant();
        work.complete("done");
        assertEquals("done", result.join());
    }

    @Test
    void aRefusalRunsNoBody() {
        CompletableFuture<Object> result = ScopedStage.start(call);
        call.refuse();
        assertEquals("LOCK_TIMEOUT", cause(result).getMessage());
        assertEquals(0, call.bodies.get());
    }

    @Test
    void aBodyThatThrowsFailsTheResult() {
        IOException disk = new IOException("disk");
        ScriptedCall throwing = new ScriptedCall(() -> {
            throw disk;
        });
        assertSame(disk, cause(ScopedStage.start(throwing.free())));
        assertEquals(1, throwing.closed.get());
    }

    @Test
    void aBodyThatReturnsNothingFailsTheResult() {
        ScriptedCall nothing = new ScriptedCall(() -> null);
        assertTrue(cause(ScopedStage.start(nothing.free())).getMessage().contains("Orders.place returned null"));
        assertEquals(1, nothing.closed.get());
    }

    @Test
    void aLostScopeFailsAResultThatSucceeded() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        call.lost = true;
        work.complete(7);
        assertEquals("LOCK_LOST", cause(result).getMessage());
        assertEquals(1, call.closed.get());
    }

    @Test
    void aLostScopeStandsBesideTheBodysOwnFailure() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        call.lost = true;
        IOException disk = new IOException("disk");
        work.completeExceptionally(disk);
        assertSame(disk, cause(result));
        assertEquals("LOCK_LOST", disk.getSuppressed()[0].getMessage());
    }

    @Test
    void cancelledWhileItWaitsItHoldsNothing() {
        CompletableFuture<Object> result = ScopedStage.start(call);
        assertTrue(result.cancel(true));
        call.grant();
        assertEquals(List.of("asked", "withdrawn"), call.events);
    }

    @Test
    void cancelledLaterItCancelsTheWorkAndEnds() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        assertTrue(result.cancel(true));
        assertTrue(work.isCancelled());
        assertEquals(1, call.closed.get());
    }

    @Test
    void cancelledWhileTheBodyRunsItEndsWithTheBody() {
        CompletableFuture<?>[] result = new CompletableFuture<?>[1];
        ScriptedCall running = new ScriptedCall(() -> {
            result[0].cancel(true);
            return work;
        });
        result[0] = ScopedStage.start(running);
        running.grant();
        assertTrue(work.isCancelled());
        assertEquals(List.of("asked", "body", "closed"), running.events);
    }

    @Test
    void completedFromOutsideItEnds() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        result.complete("enough");
        assertEquals(1, call.closed.get());
        assertTrue(work.isCancelled());
        CompletableFuture<Object> late = ScopedStage.start(new ScriptedCall(CompletableFuture::new).free());
        assertThrows(
                CompletionException.class,
                () -> late.orTimeout(1, TimeUnit.MILLISECONDS).join());
    }

    @Test
    void heldForTooLongItFails() {
        CompletableFuture<Object> result = ScopedStage.start(call.free());
        call.lost = true;
        call.listener.expired();
        assertEquals("LOCK_LOST", cause(result).getMessage());
        assertEquals(1, call.closed.get());
        work.complete(7);
        assertEquals(1, call.closed.get());
    }

    @Test
    void heldForTooLongBeforeItWasToldItFailsToo() {
        CompletableFuture<Object> result = ScopedStage.start(call);
        call.lost = true;
        call.listener.expired();
        call.grant();
        assertEquals("LOCK_LOST", cause(result).getMessage());
        assertEquals(0, call.bodies.get());
        assertEquals(1, call.closed.get());
    }

    @Test
    void whateverRacesItIsClosedOnceAndNothingStaysHeld() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        CyclicBarrier barrier = new CyclicBarrier(3);
        int bodies = 0;
        int withdrawn = 0;
        for (int round = 0; round < 20_000; round++) {
            CompletableFuture<Object> inner = new CompletableFuture<>();
            ScriptedCall raced = new ScriptedCall(() -> inner);
            CompletableFuture<Object> result = ScopedStage.start(raced);
            int spin = random.nextInt(200);
            CompletableFuture<Void> granter = beside(barrier, spin, raced::grant);
            CompletableFuture<Void> finisher =
                    beside(barrier, random.nextInt(200), random.nextBoolean() ? () -> inner.complete(1) : () -> {});
            barrier.await();
            Thread.onSpinWait();
            result.cancel(true);
            granter.join();
            finisher.join();
            String shown = "round " + round + " seed " + seed + " " + raced.events;
            assertTrue(result.isDone(), shown);
            assertEquals(raced.opened.get(), raced.closed.get(), shown);
            assertFalse(raced.bodies.get() > raced.opened.get(), shown);
            bodies += raced.bodies.get();
            withdrawn += raced.events.contains("withdrawn") ? 1 : 0;
        }
        assertTrue(bodies > 0 && withdrawn > 0, bodies + " bodies, " + withdrawn + " withdrawn: one side always won");
    }

    private static CompletableFuture<Void> beside(CyclicBarrier barrier, int spins, Runnable action) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        barrier.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    action.run();
                },
                THREADS);
    }

    private static Throwable cause(CompletableFuture<?> result) {
        try {
            result.join();
            throw new AssertionError("has not failed");
        } catch (CancellationException e) {
            return e;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
