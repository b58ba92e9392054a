package io.floodlock.faults.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.PessimisticLock;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.Sources;
import io.floodlock.faults.app.WebHost;
import io.floodlock.testkit.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent outlives a web application whose first request made the agent start its threads: no thread keeps the
 * application's classes by its context loader, its inheritable thread-locals or, before Java 24, its access control context.
 */
@OnEachJdk
class UndeployedIT extends SharedRedis {

    private static final String APPLICATION = """
            package com.example;

            import io.floodlock.*;
            import java.util.concurrent.*;

            public class App implements Callable<String> {
                private static final CountDownLatch STORED = new CountDownLatch(1);

                public String call() throws Exception {
                    lock("a");
                    async("b").get();
                    transfer();
                    store("c");
                    STORED.await();
                    return "answered " + App.class.getClassLoader().getClass().getSimpleName();
                }

                @PessimisticLock(key = "{0}", waitTime = "60s")
                static void lock(String key) {}

                @SharedLock(key = "{0}", waitTime = "60s")
                static CompletableFuture<String> async(String key) {
                    return CompletableFuture.completedFuture(key);
                }

                @DistributedTx
                static void transfer() {}

                @Queued(queue = "lines", key = "{0}", waitTime = "60s")
                static void store(String line) {
                    STORED.countDown();
                }
            }
            """;

    @TempDir
    Path classes;

    @Test
    void isUnloadedAfterItsFirstRequestMadeTheAgentStart() {
        assertTrue(output(false).lines().toList().contains("unloaded"));
    }

    /** The control: a thread that is made as applications make one keeps it. */
    @Test
    void isKeptByAThreadThatItsRequestMade() {
        assertTrue(output(true).lines().toList().contains("still loaded"));
    }

    private String output(boolean makesThread) {
        Sources.compile(classes, "com.example.App", APPLICATION);
        try (ForkedJvm jvm = ForkedJvm.main(WebHost.class.getName())
                .jdk(jdk)
                .classPath(ClassPath.of(WebHost.class))
                .jvmArgs("-Xmx128m", "-javaagent:" + ClassPath.agentJar())
                .property("floodlock.redis", redis.url())
                .property("floodlock.namespace", namespace)
                .args(
                        String.valueOf(makesThread),
                        classes.toString(),
                        ClassPath.of(PessimisticLock.class).toString())
                .start()) {
            jvm.awaitLine(line -> line.equals("answered URLClassLoader"));
            assertEquals(0, jvm.awaitExit(Duration.ofSeconds(120)), jvm::output);
            return jvm.output();
        }
    }
}
