package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Tests with two JVMs on one Redis, which lives as long as the class and is empty when a test begins. */
@Timeout(60)
abstract class TwoJvms {

    static final String LEASE = "10s";

    static RedisServer server;

    TestJvm one;
    TestJvm two;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void openJvms() {
        server.cli("FLUSHALL");
        one = first();
        two = new TestJvm(server.url(), LEASE);
    }

    /** The JVM that the test looks into: with a timer of its own, say. */
    TestJvm first() {
        return new TestJvm(server.url(), LEASE);
    }

    @AfterEach
    void closeJvms() {
        one.close();
        two.close();
    }

    /** To the second JVM. */
    void assertBusy(String name) {
        assertBusy(two, name);
    }

    /** Asks on another thread, as this one may be inside. */
    static void assertBusy(TestJvm jvm, String name) {
        FloodlockFailure failure = CompletableFuture.supplyAsync(() ->
                        assertThrows(FloodlockFailure.class, () -> jvm.take(LockMode.EXCLUSIVE, Duration.ZERO, name)))
                .join();
        assertEquals(Failure.LOCK_TIMEOUT, failure.kind());
    }

    /** How many scripts the server has run. */
    static int scripts() {
        return calls("evalsha") + calls("eval");
    }

    /** How often the server has run the command. */
    static int calls(String command) {
        return server.cli("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("^[^:]*:calls=(\\d+).*", "$1")))
                .sum();
    }

    static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
