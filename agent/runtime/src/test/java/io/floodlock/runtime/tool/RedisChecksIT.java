package io.floodlock.runtime.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.redis.ServerInspection;
import io.floodlock.runtime.redis.ServerInspection.Node;
import io.floodlock.runtime.redis.ServerInspection.Topology;
import io.floodlock.runtime.redis.command.AclRights;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisSentinel;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each finding, provoked; and on what is well, none. */
@Timeout(60)
class RedisChecksIT {

    private static final String[] KEPT = {"appendonly yes", "appendfsync always"};

    @Test
    void aServerThatKeepsAllIsFine() {
        try (RedisServer redis = RedisServer.start(KEPT)) {
            assertEquals(Set.of(), look(redis.url()));
        }
    }

    @Test
    void whatOneServerLacksIsFound() {
        try (RedisServer redis = RedisServer.start("maxmemory-policy allkeys-lru")) {
            assertEquals(Set.of("appendonly", "eviction policy"), look(redis.url()));
        }
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync no")) {
            assertEquals(Set.of("appendfsync"), look(redis.url()));
        }
        try (RedisServer redis = RedisServer.start(KEPT)) {
            redis.cli("CONFIG", "SET", "maxmemory", "100kb");
            assertEquals(Set.of("memory"), look(redis.url()));
        }
    }

    @Test
    void whatAUserMayNotDoIsFound() {
        try (RedisServer redis = RedisServer.start(KEPT)) {
            String url = "redis://shop:secret@127.0.0.1:" + redis.port();
            least(redis);
            List<Check> checks = RedisChecks.of(settings(url));
            assertEquals(Set.of(), Findings.of(checks), checks::toString);
            assertTrue(
                    checks.stream().anyMatch(check -> check.state() == Check.State.UNKNOWN),
                    "it may not CONFIG GET, which is no finding");

            redis.cli("ACL", "SETUSER", "shop", "-hscan", "-xadd");
            List<Check> denied = RedisChecks.of(settings(url));
            assertEquals(Set.of("rights"), Findings.of(denied));
            assertTrue(
                    denied.stream().anyMatch(check -> check.value().equals("denied: HSCAN, XADD")), denied::toString);

            least(redis);
            redis.cli("ACL", "SETUSER", "shop", "-subscribe");
            assertEquals(Set.of("channels"), look(url));

            least(redis);
            redis.cli("ACL", "SETUSER", "shop", "resetchannels");
            refused(url, "&floodlock:*");
            least(redis);
            redis.cli("ACL", "SETUSER", "shop", "resetkeys");
            refused(url, "~floodlock:*");
            refused("redis://shop:wr0ng@127.0.0.1:" + redis.port(), "refused the user name or password");
        }
    }

    /** Versions know different subcommands, and some refuse a line with one that they don't know. */
    @Test
    void theRightsThatTheReadmeAsksForAreEnoughOnTheInstalledServerToo() {
        Path installed = RedisServer.onPath()
                .orElseGet(() -> Assumptions.abort("no redis-server on the PATH: only the testkit's version is tried"));
        try (RedisServer redis = RedisServer.installed(installed, KEPT)) {
            least(redis);
            assertEquals(Set.of(), look("redis://shop:secret@127.0.0.1:" + redis.port()));
        }
    }

    @Test
    void aServerThatIsNotThereIsAFinding() {
        String url;
        try (RedisServer redis = RedisServer.start()) {
            url = redis.url();
        }
        refused(url, "is unavailable");
    }

    @Test
    void aClusterThatFailsOverTooSlowlyOrNotAtAllIsFound() {
        try (RedisCluster cluster = RedisCluster.start(3, 3, KEPT)) {
            assertEquals(Set.of(), look(cluster.url()));
            cluster.masters().forEach(RedisChecksIT::least);
            assertEquals(Set.of(), look(cluster.url().replace("redis://", "redis://shop:secret@")));
            RedisServer slow = cluster.masters().get(1);
            slow.cli("CONFIG", "SET", "cluster-node-timeout", "15000");
            List<Check> checks = RedisChecks.of(settings(cluster.url()));
            assertEquals(Set.of("cluster-node-timeout"), Findings.of(checks));
            assertTrue(checks.stream()
                    .anyMatch(check -> check.state() == Check.State.FINDING
                            && check.subject().equals("Redis 127.0.0.1:" + slow.port())));
            slow.cli("CONFIG", "SET", "cluster-node-timeout", "2000");
            cluster.replicaOf(slow).kill();
            assertEquals(Set.of("replicas"), look(cluster.url()));
        }
    }

    @Test
    void aSentinelThatWaitsForTooLongIsFound(@TempDir Path folder) throws IOException {
        try (RedisSentinel redis = RedisSentinel.start(KEPT)) {
            Path file = Files.writeString(folder.resolve("redisson.yaml"), redis.redissonYaml());
            Settings settings = Settings.of(Map.of("redisson", file.toString()));
            assertEquals(Set.of(), Findings.of(RedisChecks.of(settings)));
            redis.sentinel().cli("SENTINEL", "SET", RedisSentinel.MASTER_NAME, "down-after-milliseconds", "30000");
            assertEquals(Set.of("sentinel down-after"), Findings.of(RedisChecks.of(settings)));
        }
    }

    /** What no server here can be made to say. */
    @Test
    void oldVersionsWrongClocksAndFailedWritesAreFound() {
        Map<String, String> well = Map.of(
                "redis_version",
                "7.0.15",
                "maxmemory_policy",
                "noeviction",
                "aof_enabled",
                "1",
                "aof_last_write_status",
                "ok",
                "slave0",
                "ip=h,port=1,state=online,offset=1,lag=0");
        assertEquals(Set.of(), look(well, Duration.ofMillis(-900)));
        assertEquals(Set.of("clock"), look(well, Duration.ofMillis(-1_100)));
        assertEquals(Set.of("version"), look(with(well, "redis_version", "6.0.16"), Duration.ZERO));
        assertEquals(Set.of("append-only file"), look(with(well, "aof_last_write_status", "err"), Duration.ZERO));
        assertEquals(Set.of("replica 0"), look(with(well, "slave0", "ip=h,port=1,state=wait_bgsave"), Duration.ZERO));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> other = new HashMap<>(map);
        other.put(key, value);
        return other;
    }

    private static Set<String> look(Map<String, String> info, Duration ahead) {
        Node node = new Node("h:6379", info, Map.of("appendfsync", "always"), ahead);
        return Findings.of(RedisChecks.of(
                settings("redis://h:6379"),
                new ServerInspection(Topology.SINGLE, List.of(node), List.of(), true, null)));
    }

    private static Set<String> look(String url) {
        return Findings.of(RedisChecks.of(settings(url)));
    }

    private static void refused(String url, String part) {
        List<Check> checks = RedisChecks.of(settings(url));
        assertEquals(Set.of("connection"), Findings.of(checks));
        assertTrue(checks.get(0).remedy().contains(part), checks::toString);
        assertFalse(checks.toString().contains("wr0ng"), checks::toString);
    }

    /** The rights that the documentation asks for, and no more. */
    private static void least(RedisServer redis) {
        String user = "ACL SETUSER shop reset on >secret " + AclRights.RIGHTS;
        assertEquals("OK", redis.cli(user.split(" ")));
    }

    private static Settings settings(String url) {
        return Settings.of(Map.of("redis", url));
    }
}
