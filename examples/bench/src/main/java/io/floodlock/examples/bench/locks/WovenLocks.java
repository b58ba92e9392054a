package io.floodlock.examples.bench.locks;

import io.floodlock.LockTimeoutException;
import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Floodlock's locks, by methods that the agent weaves, with keys that are built at each call. */
public final class WovenLocks implements LockKind {

    public WovenLocks(Place place) {
        io.floodlock.Floodlock.requireAgent();
    }

    @Override
    public Section exclusive(String name) {
        return body -> {
            exclusively(name, body);
            return true;
        };
    }

    @Override
    public Section shared(String name) {
        return body -> {
            together(name, body);
            return true;
        };
    }

    @Override
    public Section atOnce(String name) {
        return body -> {
            try {
                now(name, body);
                return true;
            } catch (LockTimeoutException e) {
                return false;
            }
        };
    }

    @Override
    public CompletionStage<Void> hold(String name) {
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> forEver = new CompletableFuture<>();
        held(name, held, forEver).whenComplete((ok, failure) -> {
            if (failure != null) {
                held.completeExceptionally(failure);
            }
        });
        return held;
    }

    @PessimisticLock(key = "{name}", waitTime = "5m")
    private static void exclusively(String name, Runnable body) {
        body.run();
    }

    @SharedLock(key = "{name}", waitTime = "5m")
    private static void together(String name, Runnable body) {
        body.run();
    }

    @PessimisticLock(key = "{name}", waitTime = "0")
    private static void now(String name, Runnable body) {
        body.run();
    }

    @PessimisticLock(key = "{name}", waitTime = "5m")
    private static CompletableFuture<Void> held(
            String name, CompletableFuture<Void> held, CompletableFuture<Void> until) {
        held.complete(null);
        return until;
    }
}
