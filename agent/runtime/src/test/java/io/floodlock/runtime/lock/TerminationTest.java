package io.floodlock.runtime.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.redis.Subscription;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is terminated with thousands of keys that it uses no more. Their lease is longer than the test may take. */
@Timeout(60)
class TerminationTest {

    private static final int KEYS = 10_000;

    @Test
    void whatItUsesNoMoreIsFreeAtOnce() throws Exception {
        terminate(false);
    }

    @Test
    void soIsItWhereAnotherKeyIsInUseAndThatOneIsNot() throws Exception {
        terminate(true);
    }

    private static void terminate(boolean holdsAnother) throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisClient ears = new RedisClient(Settings.of(Map.of("redis", server.url())));
                TestJvm other = new TestJvm(server.url(), "60s");
                ForkedJvm jvm = ForkedJvm.main(ForkedIdleKeys.class.getName())
                        .args(server.url(), Integer.toString(KEYS), Boolean.toString(holdsAnother))
                        .start()) {
            jvm.awaitLine(line -> line.equals("ready"), Duration.ofSeconds(40));
            assertTrue(
                    Integer.parseInt(server.cli("HLEN", "floodlock:{default/0}:locks")
                                    .replaceAll("\\D", ""))
                            > KEYS,
                    "they are held");
            CompletableFuture<Long> freed = new CompletableFuture<>();
            ears.subscribe("floodlock:default:locks:all", new Subscription() {
                        @Override
                        public void message(String text) {
                            freed.complete(System.nanoTime());
                        }

                        @Override
                        public void subscribed() {}
                    })
                    .get();
            long signalled = System.nanoTime();
            jvm.terminate();
            System.out.println("TerminationTest: " + KEYS + " idle keys free after " + (freed.get() - signalled) / 1_000
                    + " us" + (holdsAnother ? ", another held" : ""));
            for (int i = 0; i < KEYS; i += 999) {
                other.take(Mode.EXCLUSIVE, Duration.ZERO, "k" + i).close();
            }
            if (holdsAnother) {
                assertTrue(jvm.isAlive());
                assertEquals(
                        Failure.LOCK_TIMEOUT,
                        assertThrows(FloodlockFailure.class, () -> other.take(Mode.EXCLUSIVE, Duration.ZERO, "held"))
                                .kind());
            } else {
                jvm.awaitExit();
            }
        }
    }
}
