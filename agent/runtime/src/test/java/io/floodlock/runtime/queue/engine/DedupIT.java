package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that repeat each other. */
@Timeout(120)
class DedupIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static final class Bodies {
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

        /** A JVM's instance, whose calls its own engine stores. */
        volatile QueueEngine.Site site;

        void note(String key, String request) {
            if (site.enter(this, new Object[] {key, request}) == null) {
                notes.add(key + " " + request);
                site.left(null);
            }
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void fresh() {
        Bodies.notes.clear();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private String redis() {
        RedisServer redis = RedisServer.start("appendonly yes", "appendfsync always");
        open.add(redis);
        return redis.url();
    }

    private TestEngine engine(String url, Bodies target, String mode, UnaryOperator<TestEngine.Spec> changes) {
        TestEngine made = new TestEngine(url, "queue.mode", mode);
        open.add(made);
        target.site = made.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.dedup = new QueuedMethod.Dedup((self, arguments) -> (String) arguments[1], Duration.ofMinutes(10));
            return changes.apply(s);
        });
        made.queues.constructed(target);
        return made;
    }

    private void awaitIdle(TestEngine engine) {
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT), "unfinished calls, by the counters");
    }

    private static List<String> ran() {
        return Bodies.notes.stream().sorted().toList();
    }

    @Test
    void aRepeatedCallIsNotStored() throws Exception {
        Bodies target = new Bodies();
        TestEngine engine = engine(redis(), target, "consume", s -> s);
        for (int i = 0; i < 5; i++) {
            target.note("k", "one");
            target.note("k", "two");
        }
        awaitIdle(engine);
        assertEquals(List.of("k one", "k two"), ran());
    }

    @Test
    void theWindowEnds() throws Exception {
        Bodies target = new Bodies();
        TestEngine engine = engine(redis(), target, "consume", s -> {
            s.dedup = new QueuedMethod.Dedup((self, arguments) -> (String) arguments[1], Duration.ofMillis(300));
            return s;
        });
        target.note("k", "one");
        Await.until("it is stored again", LIMIT, () -> {
            target.note("k", "one");
            return Bodies.notes.size() == 2;
        });
        awaitIdle(engine);
    }

    /** The scope is the queue and the key. */
    @Test
    void callsOfOtherKeysAreOthers() throws Exception {
        Bodies target = new Bodies();
        TestEngine engine = engine(redis(), target, "consume", s -> {
            s.key = (self, arguments) -> (String) arguments[0];
            return s;
        });
        for (String key : List.of("a", "b", "a", "b:", "a")) {
            target.note(key, "one");
        }
        awaitIdle(engine);
        assertEquals(List.of("a one", "b one", "b: one"), ran());
    }

    /** In the background, so that an entry holds many, and the same one several times. */
    @Test
    void twoJvmsAtOnce() throws Exception {
        twoJvmsAtOnce(redis(), s -> s);
        twoJvmsAtOnce(redis(), s -> {
            s.async = true;
            return s;
        });
    }

    /** Calls without a key that repeat each other meet in one stream. */
    @Test
    void onACluster() throws Exception {
        RedisCluster cluster = RedisCluster.start(3, 0);
        open.add(cluster);
        twoJvmsAtOnce(cluster.url(), s -> {
            s.async = true;
            return s;
        });
    }

    private void twoJvmsAtOnce(String url, UnaryOperator<TestEngine.Spec> changes) throws Exception {
        Bodies.notes.clear();
        List<Bodies> targets = List.of(new Bodies(), new Bodies());
        List<TestEngine> engines = new ArrayList<>();
        for (Bodies target : targets) {
            engines.add(engine(url, target, "consume", changes));
        }
        ExecutorService callers = Executors.newFixedThreadPool(8);
        open.add(callers::shutdownNow);
        List<Future<?>> running = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            Bodies target = targets.get(caller % 2);
            running.add(callers.submit(() ->
                    IntStream.range(0, 600).forEach(i -> target.note("k", String.format("%04d", i / 2)))));
        }
        for (Future<?> one : running) {
            one.get();
        }
        engines.forEach(this::awaitIdle);
        assertEquals(
                IntStream.range(0, 300)
                        .mapToObj(i -> String.format("k %04d", i))
                        .collect(Collectors.toList()),
                ran());
    }

    /** The owner that is killed has read entries of which calls were left out. */
    @Test
    void theNextOwnerLeavesOutTheSame() throws Exception {
        String url = redis();
        Bodies producer = new Bodies();
        TestEngine producing = engine(url, producer, "produce-only", s -> {
            s.async = true;
            return s;
        });
        for (int i = 0; i < 2_000; i++) {
            producer.note("k", String.format("%04d", i / 3));
        }
        producing.queues.awaitIdle("q", Duration.ofMillis(1));
        engine(url, new Bodies(), "consume", s -> s).queues.close();
        TestEngine next = engine(url, new Bodies(), "consume", s -> s);
        awaitIdle(next);
        assertEquals(667, ran().size());
        assertEquals(667, ran().stream().distinct().count());
    }
}
