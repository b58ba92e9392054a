package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisSentinel;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that return when replicas have them, on a master with one replica. */
@Timeout(180)
class ReplicatedIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String STREAM = "floodlock:{default:stream:0}:q:calls";

    static final class Bodies {
        static volatile QueueEngine.Site site;
        static volatile QueueEngine.Site plain;
        static final ConcurrentLinkedQueue<Integer> notes = new ConcurrentLinkedQueue<>();

        static void note(int number) {
            if (site.enter(null, new Object[] {number}) == null) {
                notes.add(number);
                site.left(null);
            }
        }

        static void plain(int number) {
            if (plain.enter(null, new Object[] {number}) == null) {
                notes.add(number);
                plain.left(null);
            }
        }
    }

    @TempDir
    Path folder;

    private Path yaml;
    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisSentinel redis;

    @BeforeEach
    void fresh() throws IOException {
        redis = RedisSentinel.start();
        yaml = Files.writeString(folder.resolve("sentinel.yaml"), redis.redissonYaml());
        open.add(redis);
        Bodies.notes.clear();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private TestEngine engine(String mode) {
        TestEngine made = new TestEngine(null, "redisson", yaml.toString(), "queue.mode", mode, "queue.lanes", "1");
        open.add(made);
        Bodies.site = made.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
            s.replicas = 1;
            s.waitTime = Duration.ofSeconds(3);
            return s;
        });
        Bodies.plain = made.register(MethodHandles.lookup(), Bodies.class, "plain", s -> s);
        return made;
    }

    @Test
    void aReplicaHasTheCallWhenItReturns() {
        engine("produce-only");
        for (int i = 1; i <= 50; i++) {
            Bodies.note(i);
            assertEquals(Integer.toString(i), redis.replica().cli("XLEN", STREAM));
        }
    }

    @Test
    void withoutAReplicaACallSaysThatItMayRunAndLaterItDoes() {
        TestEngine engine = engine("consume");
        Bodies.note(0);
        redis.replica().pause();
        FloodlockFailure unknown = assertThrows(FloodlockFailure.class, () -> Bodies.note(1));
        assertEquals(Failure.ENQUEUE_UNKNOWN, unknown.kind(), unknown.getMessage());
        assertTrue(unknown.getMessage().contains("0 of the 1 replicas"), unknown.getMessage());
        redis.replica().resume();
        Await.until("calls are stored again", LIMIT, () -> {
            try {
                Bodies.note(2);
                return true;
            } catch (FloodlockFailure e) {
                return false;
            }
        });
        assertEquals(0, engine.queues.awaitIdle("q", LIMIT));
        assertEquals(1, Bodies.notes.stream().filter(note -> note == 1).count(), "it was sent again and again");
    }

    /** The master dies while its replica is behind, and the replica becomes the master. */
    @Test
    void noConfirmedCallIsLostInAFailover() {
        Set<Integer> replicated = new TreeSet<>();
        Set<Integer> accepted = new TreeSet<>();
        TestEngine producer = engine("produce-only");
        call(0, replicated, accepted);
        RedisServer replica = redis.leaveReplicaBehind();
        for (int i = 1; i <= 3; i++) {
            call(i, replicated, accepted);
        }
        redis.master().kill();
        replica.resume();
        redis.awaitPromotion(replica);
        producer.close();
        engine("consume");

        Await.until("the first calls have run", LIMIT, () -> Bodies.notes.containsAll(List.of(0, 100)));
        Await.until(
                "the queue is idle", LIMIT, () -> replica.cli("XLEN", STREAM).equals("0"));
        assertTrue(
                Bodies.notes.containsAll(replicated), () -> replicated + " were confirmed, " + Bodies.notes + " ran");
        // the control
        assertEquals(Set.of(100, 101, 102, 103), accepted);
        assertTrue(!Bodies.notes.containsAll(accepted), () -> "nothing was lost: " + Bodies.notes);
    }

    private static void call(int number, Set<Integer> replicated, Set<Integer> accepted) {
        // first, as those behind a call that waits for a replica wait too
        Bodies.plain(100 + number);
        accepted.add(100 + number);
        try {
            Bodies.note(number);
            replicated.add(number);
        } catch (FloodlockFailure e) {
            assertEquals(Failure.ENQUEUE_UNKNOWN, e.kind(), e.getMessage());
        }
    }
}
