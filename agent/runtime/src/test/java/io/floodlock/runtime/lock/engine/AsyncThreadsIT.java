package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** On how many threads listeners run that are let in at once. */
class AsyncThreadsIT extends TwoJvms {

    private static final int READERS = 5_000;

    @Test
    void manyWhoAreLetInAtOnceRunOnFewThreads() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(READERS);
        LockScope writing = one.lock("a");
        for (int i = 0; i < READERS; i++) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            Runnable ask = () -> {
                one.engine.acquireAsync(
                        TestJvm.requests(LockMode.SHARED, "a"), TestJvm.terms(TestJvm.LONG), new Body(scope -> {
                            threads.add(Thread.currentThread());
                            // as a body does that reads from somewhere
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                            scope.close();
                            done.countDown();
                        }));
                asked.complete(null);
            };
            CompletableFuture.runAsync(ask);
            asked.join();
        }
        writing.close();
        done.await();
        // nine of a machine with two processors, and one for each that the machine itself delays for long
        int few = 3 * Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
        assertTrue(threads.size() <= few, "threads " + threads.size());
    }

    /** All block for a lock that is given back by a listener behind them. */
    @Test
    void thoseWhoWaitForOneBehindThemAllEnd() {
        int many = 10 * Runtime.getRuntime().availableProcessors() + 20;
        CompletableFuture<LockScope> gate = new CompletableFuture<>();
        async(one, "gate", gate::complete);
        LockScope held = gate.join();
        List<LockScope> inTheWay = new ArrayList<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String name = "k" + i;
            inTheWay.add(one.lock(name));
            all.add(async(one, name, scope -> {
                one.lock("gate").close();
                scope.close();
            }));
        }
        inTheWay.add(one.lock("last"));
        all.add(async(one, "last", scope -> {
            scope.close();
            held.close();
        }));
        inTheWay.forEach(LockScope::close);
        Await.until(() -> "all have ended", TestJvm.LONG, () -> all.stream().allMatch(CompletableFuture::isDone));
        all.forEach(CompletableFuture::join);
    }

    private interface Work {
        void in(LockScope scope);
    }

    private static CompletableFuture<Void> async(TestJvm jvm, String name, Work work) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture.runAsync(() -> jvm.async(
                        new Body(scope -> {
                            try {
                                work.in(scope);
                                ended.complete(null);
                            } catch (Throwable e) {
                                ended.completeExceptionally(e);
                            }
                        }),
                        name))
                .join();
        return ended;
    }

    private record Body(Work work) implements LockEngine.Listener {

        @Override
        public void acquired(LockScope scope) {
            work.in(scope);
        }

        @Override
        public void failed(FloodlockFailure failure) {
            throw new AssertionError("not acquired", failure);
        }

        @Override
        public void expired() {
            throw new AssertionError("no maxHold");
        }
    }
}
