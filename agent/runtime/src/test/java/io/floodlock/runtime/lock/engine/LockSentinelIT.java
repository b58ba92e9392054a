package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisSentinel;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks over a master whose place a replica takes: with all that the master knew, and without the last of it. */
@Timeout(90)
class LockSentinelIT {

    private static final Duration LONG = TestJvm.LONG;
    private static final String BUCKET = "floodlock:{default/0}:locks";

    @TempDir
    Path folder;

    private RedisSentinel redis;

    @BeforeEach
    void start() {
        redis = RedisSentinel.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void aHoldThatTheReplicaKnowsOutlivesTheMaster() {
        try (TestJvm holder = jvm("30s");
                TestJvm other = jvm("30s")) {
            LockScope scope = holder.lock("k");
            long token = scope.token();
            other.lock("another").close();
            awaitInStep();
            RedisServer replica = redis.replica();
            redis.master().kill();
            redis.awaitPromotion(replica);
            assertHeldByAnother(other, "k");
            scope.verify();
            scope.close();
            LockScope next = other.lock("k");
            assertTrue(next.token() > token);
            next.close();
        }
    }

    /** The old master goes on later and doesn't know at first that it is none any more. */
    @Test
    void aMasterThatStoodStillIsLeftAndItsReturnChangesNothing() {
        try (TestJvm holder = jvm("30s");
                TestJvm other = jvm("30s")) {
            LockScope scope = holder.lock("k");
            other.lock("another").close();
            awaitInStep();
            RedisServer replica = redis.replica();
            RedisServer master = redis.master();
            master.pause();
            redis.awaitPromotion(replica);
            assertHeldByAnother(other, "k");
            scope.verify();
            scope.close();
            LockScope next = other.lock("k");
            master.resume();
            assertTrue(master.cli("INFO", "replication").contains("role:master"), "it has not been told yet");
            next.verify();
            assertHeldByAnother(holder, "k");
            next.close();
            holder.lock("k").close();
        }
    }

    @Test
    void whatAStaleReplicaDoesNotKnowIsLostWhereTheMasterWasKilled() {
        promoteAStaleReplica(RedisServer::kill);
    }

    /** No connection ends by itself then. */
    @Test
    void whatAStaleReplicaDoesNotKnowIsLostWhereTheMasterStandsStill() {
        promoteAStaleReplica(RedisServer::pause);
    }

    /** Nobody may be let in beside the next holder, by a hand-off within the JVM for instance. */
    private void promoteAStaleReplica(Consumer<RedisServer> fault) {
        try (TestJvm holder = jvm("30s");
                TestJvm other = jvm("30s")) {
            other.lock("another").close();
            LockScope kept = holder.lock("kept");
            awaitInStep();
            RedisServer master = redis.master();
            RedisServer replica = redis.leaveReplicaBehind();
            LockScope scope = holder.lock("k");
            long token = scope.token();
            assertTrue(knows(master, "k"), "the master knows the hold");
            fault.accept(master);
            replica.resume();
            redis.awaitPromotion(replica);
            // the control: without the comparison nothing would tell that the hold is gone
            assertFalse(knows(replica, "k"), "the replica never heard of it");

            LockScope next = other.lock("k");
            long nextToken = next.token();
            assertTrue(nextToken > token, "by time, as the counter is as stale as the rest");
            Heard heard = new Heard();
            // not on this thread, whose scope it would enter
            CompletableFuture.runAsync(() -> holder.async(heard, "k")).join();
            scope.close();
            holder.lock("third").close();
            assertFalse(heard.decided(), "a hand-off within the JVM would let it in beside the next holder");
            assertEquals(Failure.LOCK_LOST, failure(kept::verify).kind());
            next.verify();
            next.close();
            LockScope last = heard.scope();
            assertTrue(last.token() > nextToken);
            last.close();
            kept.close();
        }
    }

    @Test
    void whenAllServersAreGoneCallsFailInTimeAndAllRecovers() {
        try (TestJvm jvm = jvm("2s")) {
            jvm.lock("k").close();
            RedisServer master = redis.master();
            RedisServer replica = redis.replica();
            replica.kill();
            master.kill();
            FloodlockFailure failure = failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ofMillis(300), "l"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            master.restart();
            replica.restart();
            jvm.lock("k", "l").close();
        }
    }

    private void assertHeldByAnother(TestJvm jvm, String name) {
        FloodlockFailure[] last = new FloodlockFailure[1];
        // until the client has found the new master
        Await.until(() -> "refused: " + last[0], LONG, () -> {
            last[0] = failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ZERO, name));
            return last[0].kind() == Failure.LOCK_TIMEOUT;
        });
    }

    private static boolean knows(RedisServer server, String name) {
        return server.cli("HEXISTS", BUCKET, "l:" + name).equals("1");
    }

    private void awaitInStep() {
        RedisServer master = redis.master();
        RedisServer replica = redis.replica();
        Await.until(
                "the replica has all",
                LONG,
                () -> replica.cli("DEBUG", "DIGEST").equals(master.cli("DEBUG", "DIGEST")));
    }

    private TestJvm jvm(String lease) {
        try {
            Path file = Files.writeString(folder.resolve("redisson.yaml"), redis.redissonYaml());
            return new TestJvm(
                    Map.of("redisson", file.toString(), "lease", lease, "shutdown-wait", "1s"),
                    Clock.SYSTEM,
                    new AgentScheduler(),
                    Events.NONE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FloodlockFailure failure(Runnable action) {
        return assertThrows(FloodlockFailure.class, action::run);
    }
}
