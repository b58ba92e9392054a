package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is terminated with thousands of keys that it uses no more. Their lease is longer than the test may take. */
@Timeout(60)
class TerminationIT {

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
                TestJvm other = new TestJvm(server.url(), "60s");
                ForkedJvm jvm = ForkedJvm.main(ForkedIdleKeys.class.getName())
                        .args(server.url(), Integer.toString(KEYS), Boolean.toString(holdsAnother), "60s")
                        .start()) {
            jvm.awaitLine(line -> line.equals("ready"), Duration.ofSeconds(40));
            assertTrue(
                    Integer.parseInt(server.cli("HLEN", "floodlock:{default/0}:locks")
                                    .replaceAll("\\D", ""))
                            > KEYS,
                    "they are held");
            other.lock("mine").close();
            long signalled = System.nanoTime();
            jvm.terminate();
            Await.until("they are given back", Duration.ofSeconds(20), () -> unshed(server) == 1);
            System.out.println("TerminationIT: " + KEYS + " idle keys free after "
                    + (System.nanoTime() - signalled) / 1_000
                    + " us" + (holdsAnother ? ", another held" : ""));
            for (int i = 0; i < KEYS; i += 999) {
                other.take(LockMode.EXCLUSIVE, Duration.ZERO, "k" + i).close();
            }
            if (holdsAnother) {
                assertTrue(jvm.isAlive());
                assertEquals(
                        Failure.LOCK_TIMEOUT,
                        assertThrows(
                                        FloodlockFailure.class,
                                        () -> other.take(LockMode.EXCLUSIVE, Duration.ZERO, "held"))
                                .kind());
            } else {
                jvm.awaitExit();
            }
        }
    }

    /** How many sessions have given nothing back in one step; the other JVM's is one. */
    private static int unshed(RedisServer server) {
        return Integer.parseInt(server.cli(
                "EVAL",
                "local n = 0 for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do if string.sub(f, 1, 2) == 's:' and"
                        + " not cmsgpack.unpack(redis.call('HGET', KEYS[1], f))[4] then n = n + 1 end end return n",
                "1",
                "floodlock:{default/0}:locks"));
    }
}
