package io.floodlock.faults.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.faults.Ledger;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.Counting;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisSentinel;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two JVMs count in a database, in a fenced method, while the Redis that has the lock becomes another. */
class TopologiesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String STEPS = "50";

    private final String namespace = Namespaces.next();

    @Test
    void overAFailoverOfASentinelsMaster(@TempDir Path folder) throws IOException {
        try (RedisSentinel redis = RedisSentinel.start()) {
            Path file = Files.writeString(folder.resolve("redisson.yaml"), redis.redissonYaml());
            try (Counters counters = new Counters(app -> app.setting("redisson", file.toString()))) {
                counters.awaitProgress();
                RedisServer replica = redis.replica();
                redis.master().kill();
                redis.awaitPromotion(replica);
                counters.awaitProgress();
                assertEquals(counters.end(), counters.stored());
            }
        }
    }

    @Test
    void overTheMoveOfASlotInACluster() {
        try (RedisCluster cluster = RedisCluster.start(3, 0);
                Counters counters = new Counters(app -> app.redis(cluster.url()))) {
            counters.awaitProgress();
            String bucket = bucket(cluster);
            RedisServer from = cluster.ownerOf(bucket);
            RedisServer to = cluster.masters().stream()
                    .filter(node -> node != from)
                    .findFirst()
                    .orElseThrow();
            RedisCluster.Migration migration = cluster.migrate(bucket, to);
            counters.awaitProgress();
            migration.moveKeys();
            counters.awaitProgress();
            migration.finish();
            counters.awaitProgress();
            assertEquals(counters.end(), counters.stored());
            assertEquals(to, cluster.ownerOf(bucket));
            assertEquals("1", to.cli("EXISTS", bucket));
        }
    }

    /** The control. */
    @Test
    void withoutTheAgentCountsAreLost() {
        try (Counters counters = new Counters(Program.Builder::withoutAgent)) {
            Await.until("a count is lost", LIMIT, () -> {
                long stored = counters.stored();
                return stored < counters.counted();
            });
            counters.end();
        }
    }

    /** The key where that JVMs' lock is, which only one node has. */
    private String bucket(RedisCluster cluster) {
        List<String> found = new ArrayList<>();
        Await.until("the lock's bucket is found", LIMIT, () -> {
            for (RedisServer master : cluster.masters()) {
                master.cli("KEYS", "floodlock:{" + namespace + "/*}:locks")
                        .lines()
                        .filter(key -> master.cli("HEXISTS", key, "l:count:a").equals("1"))
                        .forEach(found::add);
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Two JVMs that count until told to end. */
    private final class Counters implements AutoCloseable {

        private final Ledger ledger = Servers.ledger();
        private final List<Program> apps = new ArrayList<>();
        private final List<Program.Call> counting = new ArrayList<>();

        Counters(UnaryOperator<Program.Builder> redis) {
            ledger.execute("CREATE TABLE counter (item TEXT PRIMARY KEY, n INT NOT NULL)");
            ledger.execute("INSERT INTO counter VALUES ('a', 0)");
            try {
                for (int i = 0; i < 2; i++) {
                    Program.Builder app = Program.of(Counting.class)
                            .setting("namespace", namespace)
                            .setting("lease", "3s")
                            .database("one", ledger.url());
                    apps.add(redis.apply(app).launch());
                }
                apps.forEach(app -> {
                    app.awaitSaid("ready");
                    counting.add(app.begin("count", "a", "end"));
                });
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        /** Waits until both have counted on. */
        void awaitProgress() {
            List<Program.Call> all =
                    apps.stream().map(app -> app.begin("awaitProgress", STEPS)).toList();
            all.forEach(call -> call.reply().value());
        }

        long counted() {
            return apps.stream()
                    .mapToLong(app -> Long.parseLong(app.call("counted").value()))
                    .sum();
        }

        /** How often both have counted in all. */
        long end() {
            apps.forEach(app -> app.go("end"));
            return counting.stream()
                    .mapToLong(call -> Long.parseLong(call.reply().value()))
                    .sum();
        }

        long stored() {
            return Long.parseLong(
                    ledger.query("SELECT n FROM counter WHERE item = 'a'").get(0));
        }

        @Override
        public void close() {
            apps.forEach(Program::close);
        }
    }
}
