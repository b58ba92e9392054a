package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.VirtualThreads;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import io.floodlock.testkit.RedisServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten thousand virtual threads wait for one key on two carriers: one at a time gets it, and no carrier is ever pinned. */
class VirtualThreadsIT {

    private static final String THREADS = "10000";

    private static RedisServer redis;

    private final String namespace = Namespaces.next();

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Test
    void allGetTheirTurnAndNoCarrierIsPinned() {
        try (Program app = app().start()) {
            assertEquals(
                    "10000 counted, 0 together, 0 pinned",
                    app.call("count", THREADS).value(),
                    app.jvm()::output);
        }
    }

    /** The controls: the recorder sees a carrier that is pinned, and without the locks the count is wrong. */
    @Test
    void pinnedCarrierIsSeenAndUnprotectedThreadsMiscount() {
        try (Program app = app().withoutAgent().start()) {
            assertNotEquals("0 pinned", app.call("pin").value());
            String counted = app.call("count", THREADS).value();
            assertFalse(counted.startsWith("10000 counted, 0 together"), counted);
        }
    }

    private Program.Builder app() {
        Optional<Jdk> java25 = Jdks.java25();
        Assumptions.assumeTrue(java25.isPresent(), "no JDK 25 found: virtual threads are not tested");
        return Program.of(VirtualThreads.class)
                .with(ClassPath.of(Await.class))
                .jdk(java25.get())
                .redis(redis.url())
                .setting("namespace", namespace)
                .property("jdk.virtualThreadScheduler.parallelism", "2")
                .property("jdk.virtualThreadScheduler.maxPoolSize", "2");
    }
}
