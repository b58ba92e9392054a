package io.floodlock.runtime.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.redis.connection.ServerRequirements;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.client.codec.StringCodec;

class RedisGatewayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Script ECHO = Script.of("echo", "return {KEYS[1], ARGV[1], 7}");

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void runsScriptsByDigestAndSendsTheTextWhereItIsUnknown() {
        try (RedisGateway client = client(server.url())) {
            assertEquals(List.of("k", "ü", 7L), client.call(ECHO, "k", PATIENCE, "ü"));
            server.cli("SCRIPT", "FLUSH");
            assertEquals(List.of("k", "b", 7L), client.call(ECHO, "k", PATIENCE, "b"));
        }
    }

    @Test
    void allThreadsAreDaemonsOfOursAndGoWithTheClient() {
        try (RedisGateway client = client(server.url())) {
            client.call(ECHO, "k", PATIENCE, "a");
            List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().contains("redis"))
                    .toList();
            assertFalse(ours.isEmpty());
            for (Thread thread : ours) {
                assertTrue(thread.isDaemon(), thread.getName());
                assertTrue(thread.getName().startsWith("floodlock-redis-"), thread.getName());
                assertEquals(RedisGateway.class.getClassLoader(), thread.getContextClassLoader(), thread.getName());
            }
            assertTrue(ours.size() < 16, () -> ours.toString());
        }
    }

    @Test
    void aFailedFirstConnectionIsForgotten() {
        try (RedisServer late = RedisServer.start();
                RedisGateway client = client(late.url())) {
            late.kill();
            FloodlockFailure failure =
                    assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + late.port()), failure.getMessage());
            late.restart();
            assertEquals(List.of("k", "a", 7L), client.call(ECHO, "k", PATIENCE, "a"));
        }
    }

    @Test
    void worksAgainAfterRedisCameBackAndTells() throws InterruptedException {
        try (RedisServer mortal = RedisServer.start();
                RedisGateway client = client(mortal.url())) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            AtomicInteger changes = new AtomicInteger();
            client.onConnectionChange(changes::incrementAndGet);
            client.subscribe("floodlock:test", new ChannelListener() {
                        @Override
                        public void message(String text) {
                            heard.add(text);
                        }

                        @Override
                        public void subscribed() {
                            heard.add("(subscribed)");
                        }
                    })
                    .join();
            assertEquals("(subscribed)", heard.poll(10, TimeUnit.SECONDS));
            mortal.cli("PUBLISH", "floodlock:test", "one");
            assertEquals("one", heard.poll(10, TimeUnit.SECONDS));

            int before = changes.get();
            mortal.kill();
            assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));
            mortal.restart();
            eventually(() -> client.call(ECHO, "k", PATIENCE, "a"));
            assertTrue(changes.get() >= before + 2, "one for the end, one for the beginning");
            assertEquals("(subscribed)", heard.poll(10, TimeUnit.SECONDS));
            mortal.cli("PUBLISH", "floodlock:test", "two");
            assertEquals("two", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void wrongPasswordIsNamedButNeverShown() {
        try (RedisServer closed = RedisServer.start("requirepass right")) {
            String host = "127.0.0.1:" + closed.port();
            assertRefused("redis://:wr0ng@" + host, "refused the user name or password", "wr0ng");
            assertRefused("redis://" + host, "requires a password", "right");
            try (RedisGateway client = client("redis://:right@" + host)) {
                assertEquals(List.of("k", "a", 7L), client.call(ECHO, "k", PATIENCE, "a"));
            }
        }
    }

    @Test
    void severalServersThatAreNoClusterAreRefused() {
        try (RedisServer other = RedisServer.start()) {
            assertRefused(server.url() + "," + other.url(), "is not a cluster", "Exception");
        }
    }

    @Test
    void aPolicyThatMayDropKeysIsRefused() {
        try (RedisServer small = RedisServer.start("maxmemory-policy allkeys-lru")) {
            assertRefused(small.url(), "maxmemory-policy allkeys-lru", "Exception");
            small.cli("CONFIG", "SET", "maxmemory-policy", "noeviction");
            try (RedisGateway client = client(small.url())) {
                client.call(ECHO, "k", PATIENCE, "a");
            }
        }
    }

    @Test
    void aUserWithoutChannelRightsIsToldWhatToGrant() {
        try (RedisServer acl = RedisServer.start()) {
            acl.cli("ACL", "SETUSER", "app", "on", ">pw", "~*", "+@all", "resetchannels");
            assertRefused("redis://app:pw@127.0.0.1:" + acl.port(), "ACL SETUSER <user> &floodlock:*", "pw@");
        }
    }

    @Test
    void anOldVersionIsRefused() {
        ServerRequirements old = ServerRequirements.of("redis://h:1", List.of("# Server\r\nredis_version:6.0.16\r\n"));
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, old::check);
        assertTrue(failure.getMessage().contains("6.0.16"), failure.getMessage());
        assertTrue(failure.getMessage().contains("6.2 or later"), failure.getMessage());
        ServerRequirements.of("redis://h:1", List.of("redis_version:6.2.11")).check();
        ServerRequirements.of("redis://h:1", List.of("redis_version:8.2.1")).check();
    }

    @Test
    void aRedissonFileIsTakenWhole(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("redisson.yaml"), "singleServerConfig:\n  address: \"" + server.url() + "\"\n");
        Settings settings = Settings.of(Map.of("redisson", file.toString()));
        try (RedisGateway client = new RedisGateway(settings);
                RedisGateway second = client.dedicated("second", Duration.ofSeconds(1))) {
            assertEquals(List.of("k", "a", 7L), client.call(ECHO, "k", PATIENCE, "a"));
            assertEquals(List.of("k", "a", 7L), second.call(ECHO, "k", PATIENCE, "a"));
            assertFalse(client.cluster().join());
        }
    }

    @Test
    void blockedReadsDelayNobodyElse() {
        try (RedisGateway client = client(server.url());
                RedisGateway reads = client.forBlockingReads("reads", 2)) {
            var blocked = reads.redisson(PATIENCE)
                    .getBlockingQueue("nothing", StringCodec.INSTANCE)
                    .pollAsync(30, TimeUnit.SECONDS);
            for (int i = 0; i < 50; i++) {
                client.call(ECHO, "k", PATIENCE, "a");
            }
            assertFalse(blocked.isDone());
        }
    }

    private static void assertRefused(String url, String expected, String forbidden) {
        try (RedisGateway client = client(url)) {
            FloodlockFailure failure =
                    assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));
            assertEquals(Failure.UNAVAILABLE, failure.kind());
            assertTrue(failure.getMessage().contains(expected), failure.getMessage());
            assertFalse(failure.getMessage().contains(forbidden), failure.getMessage());
        }
    }

    private static void eventually(Runnable action) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                action.run();
                return;
            } catch (FloodlockFailure e) {
                if (System.nanoTime() > limit) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static RedisGateway client(String url) {
        return new RedisGateway(Settings.of(Map.of("redis", url)));
    }
}
