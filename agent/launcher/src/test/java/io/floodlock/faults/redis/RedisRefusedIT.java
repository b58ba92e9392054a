package io.floodlock.faults.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Jobs;
import io.floodlock.faults.app.Locks;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import io.floodlock.testkit.WireProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** A Redis that can't be used: woven calls say why, and so does the log of a JVM that only consumes. */
@OnEachJdk
class RedisRefusedIT {

    @Parameter
    Jdk jdk;

    @Test
    void wrongPassword() {
        try (RedisServer redis = RedisServer.start("requirepass right-secret")) {
            String address = "127.0.0.1:" + redis.port();
            assertRefused(
                    "redis://:wrong-secret@" + address,
                    address,
                    "refused the user name or password",
                    "floodlock.redis");
            assertRefused("redis://" + address, address, "requires a password", "redis://:password@host:port");
        }
    }

    /** A JVM that only locks says so before its first call. */
    @Test
    void unreachable() {
        try (RedisServer redis = RedisServer.start()) {
            redis.kill();
            try (Program app =
                    Program.of(Locks.class).jdk(jdk).redis(redis.url()).start()) {
                app.call("load").value();
                app.awaitLog("127.0.0.1:" + redis.port(), "Connection refused", "Check that it runs");
            }
        }
    }

    @Test
    void olderThanTheFloor() {
        try (RedisServer redis = RedisServer.start();
                WireProxy proxy = WireProxy.redis(redis.port())) {
            // a server of another version can't be had where these tests run
            proxy.atReply(text -> text.contains("redis_version:6.2."))
                    .always()
                    .replace("redis_version:6.2.", "redis_version:6.0.");
            assertRefused("redis://127.0.0.1:" + proxy.port(), "is version 6.0.", "needs 6.2 or later");
        }
    }

    @Test
    void evictionPolicyThatMayDropKeys() {
        try (RedisServer redis = RedisServer.start("maxmemory 100mb", "maxmemory-policy allkeys-lru")) {
            assertRefused(redis.url(), "maxmemory-policy allkeys-lru", "Set maxmemory-policy noeviction");
        }
    }

    /** A policy that can't act, and one that drops nothing, are no reason to refuse. */
    @Test
    void boundedMemoryWithoutEvictionIsAccepted() {
        try (RedisServer redis = RedisServer.start("maxmemory 100mb");
                Program app =
                        Program.of(Locks.class).jdk(jdk).redis(redis.url()).start()) {
            app.call("lock", "a").value();
        }
    }

    private void assertRefused(String url, String... parts) {
        try (Program app = Program.of(Jobs.class).jdk(jdk).redis(url).start()) {
            app.call("load").value();
            app.awaitLog(parts);
            Program.Call locking = app.begin("lockBriefly", "a");
            Program.Call storing = app.begin("storeBriefly", "a");
            locking.reply().threw(FloodlockUnavailableException.class, parts);
            storing.reply().threw(FloodlockUnavailableException.class, parts);
            assertFalse(app.said("ran a"), app.jvm()::output);
            assertFalse(app.jvm().output().contains("secret"), app.jvm()::output);
        }
    }
}
