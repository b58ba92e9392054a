package io.floodlock.runtime.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import io.floodlock.testkit.TlsProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only somebody can mend is told by its name, at once at further uses, and is tried again. */
class RefusedConnectionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Script ECHO = Script.of("echo", "return {KEYS[1], ARGV[1], 7}");

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void aWrongPasswordFailsAtOnceAndIsTriedAgainOnceItIsMended() {
        try (RedisServer guarded = RedisServer.start("requirepass right");
                RedisGateway client = client("redis://:late@127.0.0.1:" + guarded.port())) {
            FloodlockFailure first = refusal(client, "refused the user name or password", "floodlock.redis");
            assertSame(first, assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a")));
            guarded.cli("CONFIG", "SET", "requirepass", "late");
            Await.until("it is tried again", PATIENCE, () -> works(client));
        }
    }

    @Test
    void aServerWithoutTls() {
        refused("rediss://127.0.0.1:" + redis.port(), "doesn't speak TLS", "redis://");
        try (RedisServer guarded = RedisServer.start("requirepass right")) {
            refused("rediss://127.0.0.1:" + guarded.port(), "doesn't speak TLS", "redis://");
        }
    }

    @Test
    void aServerWithTls() {
        try (TlsProxy tls = TlsProxy.to(redis.port())) {
            refused("redis://127.0.0.1:" + tls.port(), "speaks TLS", "rediss://");
        }
    }

    @Test
    void aCertificateOfAnotherHost() {
        try (TlsProxy tls = TlsProxy.named("redis.example", redis.port())) {
            String before = System.getProperty("javax.net.ssl.trustStore");
            System.setProperty("javax.net.ssl.trustStore", tls.trustStore().toString());
            System.setProperty("javax.net.ssl.trustStorePassword", TlsProxy.PASSWORD);
            try {
                String url = "rediss://127.0.0.1:" + tls.port();
                // the first handshake of a JVM may take longer than connecting may
                Await.until("it is refused", PATIENCE, () -> isRefused(url));
                refused(url, "certificate for another host", "127.0.0.1");
            } finally {
                System.clearProperty("javax.net.ssl.trustStorePassword");
                if (before == null) {
                    System.clearProperty("javax.net.ssl.trustStore");
                }
            }
        }
    }

    @Test
    void aDatabaseThatIsNotThere() {
        refused("redis://127.0.0.1:" + redis.port() + "/99", "has no database with the number", "databases");
    }

    @Test
    void commandsThatWereRenamed() {
        for (String command : List.of("CLIENT", "INFO")) {
            try (RedisServer renamed = RedisServer.start("rename-command " + command + " \"\"")) {
                refused("redis://127.0.0.1:" + renamed.port(), command, "rename-command");
            }
        }
    }

    /** It may come up without anybody's changing a setting. */
    @Test
    void aServerThatIsAwayIsNoMistake() {
        try (RedisServer down = RedisServer.start()) {
            down.kill();
            try (RedisGateway client = client(down.url())) {
                FloodlockFailure failure =
                        assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));
                assertFalse(RedisGateway.isPermanent(failure), failure.getMessage());
                assertTrue(failure.getMessage().contains("Connection refused"), failure.getMessage());
                down.restart();
                assertTrue(works(client));
            }
        }
    }

    private static RedisGateway client(String url) {
        return new RedisGateway(Settings.of(Map.of("redis", url)));
    }

    private static boolean works(RedisGateway client) {
        try {
            return List.of("k", "a", 7L).equals(client.call(ECHO, "k", PATIENCE, "a"));
        } catch (FloodlockFailure e) {
            return false;
        }
    }

    private static boolean isRefused(String url) {
        try (RedisGateway client = client(url)) {
            client.call(ECHO, "k", PATIENCE, "a");
            return false;
        } catch (FloodlockFailure e) {
            return RedisGateway.isPermanent(e);
        }
    }

    private static void refused(String url, String... parts) {
        try (RedisGateway client = client(url)) {
            refusal(client, parts);
        }
    }

    private static FloodlockFailure refusal(RedisGateway client, String... parts) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));
        assertEquals(Failure.UNAVAILABLE, failure.kind());
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), failure.getMessage());
        }
        assertTrue(RedisGateway.isPermanent(failure), failure.getMessage());
        return failure;
    }
}
