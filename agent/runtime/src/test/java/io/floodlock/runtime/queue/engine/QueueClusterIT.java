package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues whose lanes have slots of several nodes. */
@Timeout(120)
class QueueClusterIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LANES = 4;

    static final class Bodies {
        static volatile QueueEngine.Site site;
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

        static void note(String key, int number) {
            if (site.enter(null, new Object[] {key, number}) == null) {
                notes.add(key + ":" + number);
            }
        }
    }

    private static QueueEngine.Site note(TestEngine engine, boolean keyed, Duration waitTime) {
        return engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.key = keyed ? (self, arguments) -> String.valueOf(arguments[0]) : null;
            s.waitTime = waitTime;
            // nothing is consumed, and a fast machine stores more than the default in that time
            s.capacity = Integer.MAX_VALUE;
            return s;
        });
    }

    private static String key(int lane) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "k" + i)
                .filter(key -> new LaneLayout(LANES, List.of(0)).laneOf(key) == lane)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callsOfAllLanesRunInOrder() {
        Bodies.notes.clear();
        try (RedisCluster cluster = RedisCluster.start(3, 0);
                TestEngine engine = new TestEngine(cluster.url())) {
            Bodies.site = note(engine, true, LIMIT);
            for (int i = 0; i < 100; i++) {
                Bodies.note(key(i % LANES), i);
            }

            Await.until(() -> "all bodies, not " + Bodies.notes, LIMIT, () -> Bodies.notes.size() == 100);
            Map<String, List<Integer>> byKey = new TreeMap<>();
            for (String note : Bodies.notes) {
                String[] parts = note.split(":");
                byKey.computeIfAbsent(parts[0], k -> new ArrayList<>()).add(Integer.parseInt(parts[1]));
            }
            assertEquals(LANES, byKey.size());
            byKey.values()
                    .forEach(numbers -> assertEquals(numbers.stream().sorted().toList(), numbers));
        }
    }

    @Test
    void aDeadNodeDoesNotConcernTheCallersOfOtherLanes() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3, 0, "cluster-require-full-coverage no");
                TestEngine engine = new TestEngine(cluster.url(), "queue.mode", "produce-only")) {
            QueueEngine.Site keyed = note(engine, true, Duration.ofSeconds(10));
            for (int lane = 0; lane < LANES; lane++) {
                keyed.enter(null, new Object[] {key(lane), 0});
            }
            String healthy = stream(cluster, 0);
            RedisServer healthyNode = cluster.ownerOf(healthy);
            int dead = IntStream.range(1, LANES)
                    .filter(lane -> cluster.ownerOf(stream(cluster, lane)) != healthyNode)
                    .findFirst()
                    .orElseThrow();
            QueueEngine.Site keyless = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
                s.name = "keyless";
                s.capacity = Integer.MAX_VALUE;
                return s;
            });
            cluster.ownerOf(stream(cluster, dead)).kill();

            AtomicBoolean on = new AtomicBoolean(true);
            AtomicInteger failed = new AtomicInteger();
            Thread other = new Thread(() -> {
                while (on.get()) {
                    try {
                        keyed.enter(null, new Object[] {key(dead), 1});
                    } catch (FloodlockFailure e) {
                        failed.incrementAndGet();
                    }
                }
            });
            other.start();
            int before = Integer.parseInt(healthyNode.cli("XLEN", healthy).strip());
            // a caller of the dead lane fails only at its deadline; meanwhile many calls of a healthy lane are stored
            int stored = 0;
            while (failed.get() == 0) {
                keyed.enter(null, new Object[] {key(0), ++stored});
            }
            // the lane is known to be dead by now
            for (int i = 0; i < 20; i++) {
                keyless.enter(null, new Object[] {"none", i});
            }
            on.set(false);
            other.join();

            assertTrue(stored >= 20, stored + " calls of the healthy lane beside one failure of the dead one");
            int added = Integer.parseInt(healthyNode.cli("XLEN", healthy).strip()) - before;
            assertTrue(added >= stored, added + " entries for " + stored + " calls");
        }
    }

    private static String stream(RedisCluster cluster, int lane) {
        String layout = "floodlock:{default:queue:q}";
        LaneLayout found = LaneLayout.parse(
                cluster.ownerOf(layout).cli("HGET", layout, "layout").strip());
        return "floodlock:{default:stream:" + found.streamOf(lane) + "}:q:calls";
    }
}
