package io.floodlock.runtime.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks over three masters: no script may look beyond its slot, which one node would not show. */
@Timeout(90)
class LockClusterTest {

    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;

    private final List<RedisServer> masters = new ArrayList<>();

    @BeforeEach
    void form() {
        for (int i = 0; i < MASTERS; i++) {
            masters.add(RedisServer.start("cluster-enabled yes", "cluster-node-timeout 3000"));
        }
        for (int i = 0; i < MASTERS; i++) {
            List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            int from = SLOTS * i / MASTERS;
            IntStream.range(from, SLOTS * (i + 1) / MASTERS)
                    .mapToObj(Integer::toString)
                    .forEach(command::add);
            masters.get(i).cli(command.toArray(String[]::new));
            masters.get(i).cli("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer other : masters.subList(1, MASTERS)) {
            masters.get(0).cli("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
        }
        for (RedisServer master : masters) {
            Await.until(
                    () -> "the cluster stands: " + master.cli("CLUSTER", "INFO"),
                    Duration.ofSeconds(30),
                    () -> master.cli("CLUSTER", "INFO").contains("cluster_state:ok")
                            && master.cli("CLUSTER", "INFO").contains("cluster_known_nodes:" + MASTERS));
        }
    }

    @AfterEach
    void stop() {
        masters.forEach(RedisServer::close);
    }

    @Test
    void locksOfAllBucketsExcludeAndWakeAcrossNodes() throws Exception {
        try (TestJvm one = new TestJvm(masters.get(0).url(), "10s");
                TestJvm two =
                        new TestJvm(masters.get(2).url() + "," + masters.get(1).url(), "10s")) {
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
}
