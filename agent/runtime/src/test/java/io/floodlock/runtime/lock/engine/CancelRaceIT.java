package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests are cancelled while they are granted, refused and time out, in two JVMs. The seed is printed;
 * {@code -Dfuzz.seed=...} repeats the choices.
 */
@Timeout(120)
class CancelRaceIT {

    private static final int WORKERS = 4;
    private static final int ROUNDS = 3_000;
    private static final int KEYS = 3;

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger cameTooLate = new AtomicInteger();
    private final AtomicInteger toldThoughCancelled = new AtomicInteger();
    private final AtomicIntegerArray inside = new AtomicIntegerArray(KEYS);
    private final AtomicInteger together = new AtomicInteger();

    private RedisServer server;
    private TestJvm one;
    private TestJvm two;

    @BeforeEach
    void open() {
        server = RedisServer.start();
        one = new TestJvm(server.url(), "10s");
        two = new TestJvm(server.url(), "10s");
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        server.close();
    }

    @Test
    void nothingStaysHeldOrWanted() throws Exception {
        System.out.println("CancelRaceIT fuzz.seed=" + seed);
        race(ROUNDS, false);
        System.out.println("cancelled " + cancelled + ", came too late " + cameTooLate);
        assertEquals(0, toldThoughCancelled.get(), "listeners called though cancel() returned true");
        assertEquals(0, together.get(), "two scopes of one key at once");
        assertTrue(
                cancelled.get() > ROUNDS / 10 && cameTooLate.get() > ROUNDS / 10,
                () -> "no race: " + cancelled + " cancelled, " + cameTooLate + " too late");
        Await.until(
                () -> "nothing is left: " + leftBehind(),
                TestJvm.LONG,
                () -> leftBehind().isEmpty());
        for (int key = 0; key < KEYS; key++) {
            one.take(LockMode.EXCLUSIVE, TestJvm.LONG, "k" + key).close();
            two.take(LockMode.EXCLUSIVE, TestJvm.LONG, "k" + key).close();
        }
    }

    /** The control: who takes every cancel() for a success leaves keys held, and it is seen. */
    @Test
    void ignoringTheAnswerOfCancelLeaksKeys() throws Exception {
        System.out.println("CancelRaceIT fuzz.seed=" + seed);
        race(Integer.MAX_VALUE, true);
        assertTrue(one.engine.keysInUse() + two.engine.keysInUse() > 0, "nothing leaked");
        assertTrue(server.cli("HKEYS", "floodlock:{default/0}:locks").contains("l:k"), this::leftBehind);
    }

    private String leftBehind() {
        int inUse = one.engine.keysInUse() + two.engine.keysInUse();
        String keys = server.cli("HKEYS", "floodlock:{default/0}:locks");
        return (inUse > 0 ? inUse + " keys are used" : "") + (keys.contains("l:k") ? " Redis has " + keys : "");
    }

    private void race(int rounds, boolean careless) throws Exception {
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(seed + i);
            TestJvm jvm = i % 2 == 0 ? one : two;
            workers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int round = 0; round < rounds && !(careless && cameTooLate.get() > 0); round++) {
                            request(jvm, random, careless);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get();
    }

    private void request(TestJvm jvm, Random random, boolean careless) {
        int first = random.nextInt(KEYS);
        String[] names = random.nextBoolean()
                ? new String[] {"k" + first}
                : new String[] {"k" + first, "k" + (first + 1) % KEYS};
        Duration waitTime = switch (careless ? 3 : random.nextInt(4)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofMillis(1);
            default -> TestJvm.LONG;
        };
        Told told = new Told(first);
        LockEngine.Pending pending = jvm.async(told, waitTime, names);
        for (int spins = random.nextInt(random.nextInt(4) == 0 ? 200_000 : 2_000); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        if (random.nextInt(10) == 0 && !careless) {
            told.end();
            return;
        }
        if (pending.cancel()) {
            cancelled.incrementAndGet();
            told.mustNotBeTold = true;
            if (told.outcome.isDone()) {
                toldThoughCancelled.incrementAndGet();
            }
            return;
        }
        cameTooLate.incrementAndGet();
        if (!careless) {
            told.end();
        }
    }

    private final class Told implements LockEngine.Listener {

        private final CompletableFuture<LockScope> outcome = new CompletableFuture<>();
        private final int key;
        private volatile boolean mustNotBeTold;

        Told(int key) {
            this.key = key;
        }

        @Override
        public void acquired(LockScope scope) {
            told();
            outcome.complete(scope);
        }

        @Override
        public void failed(FloodlockFailure failure) {
            told();
            outcome.complete(null);
        }

        @Override
        public void expired() {
            told();
        }

        private void told() {
            if (mustNotBeTold || outcome.isDone()) {
                toldThoughCancelled.incrementAndGet();
            }
        }

        void end() {
            LockScope scope = outcome.join();
            if (scope != null) {
                if (inside.incrementAndGet(key) > 1) {
                    together.incrementAndGet();
                }
                scope.verify();
                inside.decrementAndGet(key);
                scope.close();
            }
        }
    }
}
