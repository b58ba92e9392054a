package io.floodlock.examples.chaos.worker;

import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Locks by annotations without fencing. Without the agent nothing is locked. */
final class FloodlockLocking implements Locking {

    private final Executor threads = Executors.newCachedThreadPool();

    @Override
    @PessimisticLock(key = "{0}", waitTime = "3s")
    public void exclusive(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @PessimisticLock(key = "{0}", waitTime = "0")
    public void exclusiveAtOnce(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @PessimisticLock(key = "{0}", waitTime = "3s")
    public CompletionStage<Void> exclusiveLater(String key, Body body) {
        return CompletableFuture.runAsync(() -> Unchecked.run(body), threads);
    }

    @Override
    @SharedLock(key = "{0}", waitTime = "3s")
    public void shared(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @PessimisticLock(
            key = {"{0}", "{1}"},
            waitTime = "3s")
    public void both(String one, String other, Body body) throws Exception {
        body.run();
    }
}
