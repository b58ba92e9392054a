package io.floodlock.examples.chaos;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A consumer that works on a backlog is killed, and another starts. Within ten seconds the successor must run at least
 * 0.8 of the calls per second of before. The bodies sleep, so that the rate depends on how many run at once and not on
 * the machine.
 */
final class Successor {

    private static final int BACKLOG = 16_000;
    private static final int WARM_RUNS = 1_000;
    private static final double LEAST_RATIO = 0.8;
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final CallLedger ledger;
    private final String url;

    Successor(CallLedger ledger, String url) {
        this.ledger = ledger;
        this.url = url;
    }

    /** What happened, for people; the ledger has the violations. */
    String run() throws InterruptedException {
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync no")) {
            try (ForkedJvm storing = QueueChaos.worker(Variant.PROTECTED, redis.url(), url)
                    .property("floodlock.queue.mode", "produce-only")
                    .property("chaos.jvm", "storing")
                    .args("store", Integer.toString(BACKLOG))
                    .keepLines(1)
                    .start()) {
                storing.awaitExit(START_LIMIT);
            }
            double before;
            try (ForkedJvm first = consumer(redis, "first")) {
                long at = ledger.firstRuns();
                long begin = System.nanoTime();
                while (ledger.firstRuns() - at < WARM_RUNS) {
                    ledger.look();
                    if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
                        ledger.violation("only " + (ledger.firstRuns() - at) + " calls of a backlog run");
                        return "no call of a backlog runs";
                    }
                    Thread.sleep(50);
                }
                before = rate();
            }
            try (ForkedJvm second = consumer(redis, "second")) {
                long begin = System.nanoTime();
                double after = 0;
                while (after < before * LEAST_RATIO && System.nanoTime() - begin < LIMIT.toNanos()) {
                    after = Math.max(after, rate());
                }
                if (after < before * LEAST_RATIO) {
                    ledger.violation(String.format(
                            "the successor runs %.0f calls/s, its predecessor ran %.0f before it was killed",
                            after, before));
                }
                return String.format("the successor runs %.2f of before", after / before);
            }
        } finally {
            ledger.forget();
        }
    }

    /** Starts a consumer and returns when it has begun. */
    private ForkedJvm consumer(RedisServer redis, String name) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        ForkedJvm jvm = QueueChaos.worker(Variant.PROTECTED, redis.url(), url)
                .property("chaos.jvm", name)
                .args("consume")
                .keepLines(1)
                .onLine(line -> {
                    if (line.equals("@ready")) {
                        ready.countDown();
                    }
                })
                .start();
        if (!ready.await(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("consumer " + name + " did not start");
        }
        return jvm;
    }

    private double rate() throws InterruptedException {
        ledger.look();
        long runs = ledger.firstRuns();
        long begin = System.nanoTime();
        Thread.sleep(WINDOW.toMillis());
        ledger.look();
        return (ledger.firstRuns() - runs) / ((System.nanoTime() - begin) / 1e9);
    }
}
