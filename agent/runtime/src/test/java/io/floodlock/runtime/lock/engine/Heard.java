package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that keeps what it hears, and can't be told twice unnoticed. */
final class Heard implements LockEngine.Listener {

    private final CompletableFuture<LockScope> outcome = new CompletableFuture<>();
    final AtomicInteger calls = new AtomicInteger();
    final CompletableFuture<Void> expired = new CompletableFuture<>();
    volatile Thread thread;

    @Override
    public void acquired(LockScope scope) {
        calls.incrementAndGet();
        thread = Thread.currentThread();
        outcome.complete(scope);
    }

    @Override
    public void failed(FloodlockFailure failure) {
        calls.incrementAndGet();
        thread = Thread.currentThread();
        outcome.completeExceptionally(failure);
    }

    @Override
    public void expired() {
        if (!expired.complete(null)) {
            calls.incrementAndGet();
        }
    }

    boolean decided() {
        return outcome.isDone();
    }

    LockScope scope() {
        try {
            return outcome.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("not acquired", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("nothing heard", e);
        }
    }

    FloodlockFailure failure() {
        try {
            LockScope scope = outcome.get(60, TimeUnit.SECONDS);
            throw new AssertionError("acquired " + scope);
        } catch (ExecutionException e) {
            return (FloodlockFailure) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("nothing heard", e);
        }
    }

    /** Of a matter that is decided. */
    FloodlockFailure failureOrNull() {
        return outcome.isCompletedExceptionally() ? failure() : null;
    }

    /** Closes what may be acquired. */
    void close() {
        scope().close();
    }

    Failure failureKind() {
        return failure().kind();
    }
}
