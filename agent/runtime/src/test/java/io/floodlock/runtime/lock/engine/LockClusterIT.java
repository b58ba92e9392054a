package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.redis.BucketLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Locks over three masters: no script may look beyond its slot, which one node would not show. */
@Timeout(90)
@TestMethodOrder(OrderAnnotation.class)
class LockClusterIT {

    private static final Duration LONG = TestJvm.LONG;

    private static RedisCluster cluster;

    @BeforeAll
    static void form() {
        // what one node lacks, the others serve on
        cluster = RedisCluster.start(3, 1, "cluster-require-full-coverage no");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void locksOfAllBucketsExcludeAndWakeAcrossNodes() throws Exception {
        try (TestJvm one = new TestJvm(cluster.masters().get(0).url(), "10s");
                TestJvm two = new TestJvm(cluster.url(), "10s")) {
            String[] names = IntStream.range(0, 40).mapToObj(i -> "k" + i).toArray(String[]::new);
            LockScope all = one.lock(names);
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            for (String name : List.of("k3", "k17", "k39")) {
                waiting.add(CompletableFuture.runAsync(() -> two.lock(name).close()));
            }
            all.verify();
            assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
            all.close();
            CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get();
            int[] counter = new int[1];
            List<CompletableFuture<Void>> runs = new ArrayList<>();
            for (TestJvm jvm : List.of(one, two, one, two)) {
                runs.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 25; i++) {
                        LockScope scope = jvm.lock("k1", "k2", "k3");
                        counter[0]++;
                        scope.close();
                    }
                }));
            }
            CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get();
            assertEquals(100, counter[0]);
        }
    }

    @Test
    void namesAreSpreadOverSixtyFourBucketsOnAllNodes() {
        try (TestJvm jvm = new TestJvm(cluster.url(), "10s")) {
            jvm.lock(IntStream.range(0, 500).mapToObj(i -> "n" + i).toArray(String[]::new))
                    .close();
            int buckets = 0;
            for (RedisServer master : cluster.masters()) {
                String keys = master.cli("KEYS", "floodlock:{default/*}:locks");
                assertTrue(keys.lines().count() > 10, keys);
                buckets += (int) keys.lines().count();
            }
            assertEquals(64, buckets);
            assertEquals(
                    BucketLayout.VERSION + " 64",
                    cluster.ownerOf("floodlock:default:layout").cli("GET", "floodlock:default:layout"));
        }
    }

    /** Both answer meanwhile, with ASK and then with MOVED, and the second has never seen a script. */
    @Test
    void aBucketThatMovesUnderLoadKeepsExcluding() {
        try (TestJvm one = new TestJvm(cluster.url(), "10s");
                TestJvm two = new TestJvm(cluster.url(), "10s")) {
            String bucket = bucketOf(one, "hot");
            RedisServer from = cluster.ownerOf(bucket);
            RedisServer to = cluster.masters().stream()
                    .filter(node -> node != from)
                    .findFirst()
                    .orElseThrow();
            to.cli("SCRIPT", "FLUSH");
            try (Sections sections = new Sections("hot", one, two)) {
                sections.awaitProgress();
                RedisCluster.Migration migration = cluster.migrate(bucket, to);
                sections.awaitProgress();
                migration.moveKeys();
                sections.awaitProgress();
                migration.finish();
                sections.awaitProgress();
                sections.end();
            }
            assertEquals(to, cluster.ownerOf(bucket));
            assertEquals("1", to.cli("EXISTS", bucket));
        }
    }

    @Test
    void aMasterThatMayDropKeysIsRefusedWhicheverItIs() {
        for (RedisServer master : cluster.masters()) {
            master.cli("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
            try (RedisGateway client = new RedisGateway(Settings.of(Map.of("redis", cluster.url())))) {
                String message = failure(() -> client.redisson(LONG)).getMessage();
                assertTrue(message.contains("maxmemory-policy volatile-ttl"), message);
                assertTrue(message.contains("127.0.0.1:" + master.port()), message);
            }
            master.cli("CONFIG", "SET", "maxmemory-policy", "noeviction");
        }
        try (RedisGateway client = new RedisGateway(Settings.of(Map.of("redis", cluster.url())))) {
            client.redisson(LONG);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aMasterWithoutReplicaFailsItsOwnBucketsOnlyUntilItIsBack() {
        try (TestJvm jvm = new TestJvm(cluster.url(), "10s")) {
            RedisServer lonely = cluster.masters().get(2);
            String[] there = names(jvm, lonely);
            String[] elsewhere = names(jvm, cluster.masters().get(1));
            jvm.lock(there[0]).close();
            LockScope kept = jvm.lock(elsewhere[0]);
            lonely.kill();
            FloodlockFailure failure = failure(() -> jvm.take(LockMode.EXCLUSIVE, Duration.ofMillis(500), there[1]));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            kept.verify();
            jvm.lock(elsewhere[1]).close();
            kept.close();
            lonely.restart();
            jvm.lock(there[1]).close();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aHoldThatTheReplicaKnowsOutlivesItsMaster() {
        try (TestJvm holder = new TestJvm(cluster.url(), "30s");
                TestJvm other = new TestJvm(cluster.url(), "30s")) {
            RedisServer master = cluster.masters().get(0);
            RedisServer replica = cluster.replicaOf(master);
            String[] there = names(holder, master);
            String[] elsewhere = names(holder, cluster.masters().get(1));
            LockScope scope = holder.lock(there[0]);
            LockScope untouched = holder.lock(elsewhere[0]);
            long token = scope.token();
            other.lock(there[1]).close();
            Await.until(
                    "the replica has all",
                    LONG,
                    () -> replica.cli("DEBUG", "DIGEST").equals(master.cli("DEBUG", "DIGEST")));
            master.kill();
            cluster.awaitPromotion(replica);
            FloodlockFailure[] last = new FloodlockFailure[1];
            Await.until(() -> "refused: " + last[0], LONG, () -> {
                last[0] = failure(() -> other.take(LockMode.EXCLUSIVE, Duration.ZERO, there[0]));
                return last[0].kind() == Failure.LOCK_TIMEOUT;
            });
            scope.verify();
            untouched.verify();
            scope.close();
            untouched.close();
            LockScope next = other.lock(there[0]);
            assertTrue(next.token() > token);
            next.close();
        }
    }

    /** Some names whose bucket that master has. */
    private static String[] names(TestJvm jvm, RedisServer master) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "of" + i)
                .filter(name -> cluster.ownerOf(bucketOf(jvm, name)) == master)
                .limit(2)
                .toArray(String[]::new);
    }

    /** The key of a name's bucket. */
    private static String bucketOf(TestJvm jvm, String name) {
        return "floodlock:{default/" + jvm.engine.bucketOf(name) + "}:locks";
    }

    private static FloodlockFailure failure(Runnable action) {
        return assertThrows(FloodlockFailure.class, action::run);
    }
}
