package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RedisServerIT {

    @Test
    void answersCommandsOnLoopbackOnly() {
        try (RedisServer redis = RedisServer.start()) {
            assertEquals("OK", redis.cli("SET", "a", "1"));
            assertEquals("1", redis.cli("GET", "a"));
            assertEquals("(nil)", redis.cli("GET", "b"));
            assertEquals("bind\n127.0.0.1", redis.cli("CONFIG", "GET", "bind"));
            assertEquals("appendonly\nno", redis.cli("CONFIG", "GET", "appendonly"));
            assertEquals("save\n", redis.cli("CONFIG", "GET", "save"));
            assertTrue(redis.cli("NONSENSE").startsWith("(error)"));
        }
    }

    @Test
    void keepsWhatWasAcknowledgedWhenItIsKilled() {
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync always")) {
            redis.cli("SET", "a", "1");
            long before = redis.pid();
            redis.kill();
            redis.restart();
            assertNotEquals(before, redis.pid());
            assertEquals("1", redis.cli("GET", "a"));
        }
    }

    @Test
    void losesEverythingWhenItIsKilledWithoutPersistence() {
        try (RedisServer redis = RedisServer.start()) {
            redis.cli("SET", "a", "1");
            redis.restart();
            assertEquals("(nil)", redis.cli("GET", "a"));
        }
    }

    @Test
    void forgetsWhatItHadOnDiskWhenItIsRestartedEmpty() {
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync always")) {
            redis.cli("SET", "a", "1");
            redis.restartEmpty();
            assertEquals("(nil)", redis.cli("GET", "a"));
        }
    }

    @Test
    void answersNothingWhilePaused() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            redis.pause();
            CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> redis.cli("PING"));
            assertThrows(TimeoutException.class, () -> reply.get(200, TimeUnit.MILLISECONDS));
            redis.resume();
            assertEquals("PONG", reply.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void asksForThePasswordItWasGiven() {
        try (RedisServer redis = RedisServer.start("requirepass secret")) {
            assertEquals("PONG", redis.cli("PING"));
            assertTrue(redis.url().startsWith("redis://:secret@127.0.0.1:"));
        }
    }

    @Test
    void saysWhatTheServerSaidWhenItCannotStart() {
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> RedisServer.start("no-such-setting yes"));
        assertTrue(failure.getMessage().contains("no-such-setting"), failure.getMessage());
    }

    @Test
    void isGoneAfterClose() {
        RedisServer redis = RedisServer.start();
        long pid = redis.pid();
        redis.close();
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
}
