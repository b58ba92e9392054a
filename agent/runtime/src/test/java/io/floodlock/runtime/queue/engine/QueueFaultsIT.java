package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real JVMs killed and paused over a real Redis that syncs every write, judged by a ledger. */
class QueueFaultsIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int PRODUCERS = 8;

    @TempDir
    Path folder;

    private RedisServer redis;
    private Ledger ledger;
    private TestEngine producer;
    private final List<ForkedJvm> jvms = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicBoolean producing = new AtomicBoolean(true);
    private final List<Thread> producers = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
        ledger = new Ledger(folder.resolve("ledger"));
        LedgerJvm.ledger = ledger;
        producer = new TestEngine(redis.url(), "queue.mode", "produce-only", "lease", "1s");
        LedgerJvm.register(producer, true);
    }

    @AfterEach
    void stop() throws Exception {
        producing.set(false);
        for (Thread thread : producers) {
            thread.join();
        }
        jvms.forEach(ForkedJvm::close);
        producer.close();
        redis.close();
        ledger.close();
    }

    private ForkedJvm jvm(String role) {
        ForkedJvm jvm = ForkedJvm.main(LedgerJvm.class.getName())
                .args(redis.url(), ledger.file().toString(), role)
                .start();
        jvms.add(jvm);
        return jvm;
    }

    /** Each thread has a key of its own and counts up, whether a call is acknowledged or refused. */
    private void produce() {
        for (int t = 0; t < PRODUCERS; t++) {
            String key = "k" + t;
            Thread thread = new Thread(() -> {
                for (int i = 0; producing.get(); i++) {
                    try {
                        LedgerJvm.note(key, i);
                        acknowledged.add(key + ":" + i);
                    } catch (FloodlockFailure e) {
                        refused.incrementAndGet();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
            thread.start();
            producers.add(thread);
        }
    }

    private void awaitRuns(int count) {
        Await.until(
                () -> count + " runs, not " + ledger.runs().size(),
                LIMIT,
                () -> ledger.runs().size() >= count);
    }

    private void finish() throws InterruptedException {
        producing.set(false);
        for (Thread thread : producers) {
            thread.join();
        }
        Await.until(
                () -> "all acknowledged calls to run; missing "
                        + missing().stream().limit(5).toList(),
                LIMIT,
                () -> missing().isEmpty());
    }

    private Set<String> missing() {
        Set<String> out = new HashSet<>(acknowledged);
        out.removeAll(ledger.distinct());
        return out;
    }

    private void judge(String what) {
        List<String> runs = ledger.runs();
        System.out.println(what + ": " + acknowledged.size() + " acknowledged, " + refused + " refused, " + runs.size()
                + " runs of " + ledger.distinct().size() + " calls, "
                + missing().size() + " lost, "
                + Ledger.orderViolations(runs).size() + " out of order");
        assertEquals(List.of(), Ledger.orderViolations(runs));
        assertEquals(Set.of(), missing());
    }

    @Test
    void killedConsumersLoseNothingAndKeepTheOrder() throws Exception {
        ForkedJvm first = jvm("queue");
        jvm("queue");
        produce();
        awaitRuns(300);
        first.kill();
        ForkedJvm third = jvm("queue");
        awaitRuns(ledger.runs().size() + 300);
        third.kill();
        awaitRuns(ledger.runs().size() + 300);
        finish();
        judge("kill -9 of consumers");
    }

    @Test
    void aKilledRedisLosesNothingAndAllRecovers() throws Exception {
        jvm("queue");
        jvm("queue");
        produce();
        awaitRuns(300);
        redis.kill();
        redis.restart();
        awaitRuns(ledger.runs().size() + 300);
        redis.kill();
        redis.restart();
        awaitRuns(ledger.runs().size() + 300);
        finish();
        judge("kill -9 of Redis");
    }

    @Test
    void aConsumerPausedLongerThanItsLeaseLosesNothing() throws Exception {
        ForkedJvm first = jvm("queue");
        ForkedJvm second = jvm("queue");
        produce();
        awaitRuns(300);
        first.pause();
        // the other's lanes take a part of the producers' keys; all of them run again only once the lanes have moved
        int before = ledger.runs().size();
        Await.until("all keys to go on", LIMIT, () -> keysSince(before) == PRODUCERS);
        first.resume();
        awaitRuns(ledger.runs().size() + 300);
        second.pause();
        int then = ledger.runs().size();
        Await.until("all keys to go on", LIMIT, () -> keysSince(then) == PRODUCERS);
        second.resume();
        finish();
        judge("SIGSTOP of consumers");
    }

    private long keysSince(int line) {
        return ledger.runs().stream()
                .skip(line)
                .map(run -> run.substring(0, run.indexOf(':')))
                .distinct()
                .count();
    }

    @Test
    void aPlainListLosesCallsOfAKilledConsumer() throws Exception {
        ForkedJvm first = jvm("plain");
        first.awaitLine("ready"::equals);
        var queue = producer.redis
                .redisson(LIMIT)
                .getBlockingQueue("plain", org.redisson.client.codec.StringCodec.INSTANCE);
        queue.put("hang:1");
        acknowledged.add("hang:1");
        first.awaitLine("hanging"::equals);
        first.kill();
        jvm("plain").awaitLine("ready"::equals);
        queue.put("k:1");
        Await.until("the call behind", LIMIT, () -> ledger.distinct().contains("k:1"));

        assertEquals(Set.of("hang:1"), missing(), "the control must lose the call that was running");
    }

    @Test
    void withoutAKeyTheSameRunIsOutOfOrder() throws Exception {
        producer.close();
        producer = new TestEngine(redis.url(), "queue.lanes", "1", "lease", "1s");
        LedgerJvm.register(producer, false);
        produce();
        Await.until(
                "the control to run calls out of order",
                LIMIT,
                () -> !Ledger.orderViolations(ledger.runs()).isEmpty());
    }

    @Test
    void aCallThatKillsItsJvmIsDeadAfterItsAttemptsAndNoOtherIs() throws Exception {
        LedgerJvm.note("poison", 0);
        for (int i = 0; i < 200; i++) {
            LedgerJvm.note("k" + i % 20, i);
            acknowledged.add("k" + i % 20 + ":" + i);
        }
        int deaths = 0;
        while (deadLetters() == 0 && deaths < 12) {
            ForkedJvm jvm = jvm("queue");
            Await.until("a death or a dead letter", LIMIT, () -> !jvm.isAlive() || deadLetters() > 0);
            deaths += jvm.isAlive() ? 0 : 1;
        }
        System.out.println("poison: dead after " + deaths + " deaths");
        finish();

        assertEquals(1, deadLetters());
        assertTrue(deaths >= 2 && deaths <= 4, deaths + " deaths");
        judge("poison");
    }

    private int deadLetters() {
        int all = 0;
        for (String key : redis.cli("KEYS", "*:dead").lines().toList()) {
            if (!key.isBlank()) {
                all += Integer.parseInt(redis.cli("XLEN", key).strip());
            }
        }
        return all;
    }

    @Test
    void resultsCrossJvmsAndSurviveTheirConsumer() throws Exception {
        ForkedJvm first = jvm("queue");
        assertEquals(6L, LedgerJvm.sum(List.of(1, 2, 3)).get(20, TimeUnit.SECONDS));
        first.kill();
        var pending = LedgerJvm.sum(List.of(4, 5));
        assertFalse(pending.isDone());
        jvm("queue");
        assertEquals(9L, pending.get(30, TimeUnit.SECONDS));
    }
}
