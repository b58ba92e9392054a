package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.PessimisticLock;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Sources;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** An application in a child-first loader, with its own copy of the annotations, catches its own exception classes. */
@OnEachJdk
class ChildFirstIT {

    private static final String MAIN = """
            package com.example;

            import io.floodlock.*;
            import java.util.concurrent.*;

            public class Main {
                public static void main(String[] args) throws Exception {
                    System.out.println("own copy " + (LockTimeoutException.class.getClassLoader() == Main.class.getClassLoader()));
                    CountDownLatch held = new CountDownLatch(1);
                    CountDownLatch done = new CountDownLatch(1);
                    Thread holder = new Thread(() -> hold("a", held, done));
                    holder.start();
                    held.await();
                    try {
                        atOnce("a");
                    } catch (LockTimeoutException e) {
                        System.out.println("caught " + e.getMessage());
                    } finally {
                        done.countDown();
                    }
                    holder.join();
                    try {
                        atOnce(null);
                    } catch (FloodlockException e) {
                        System.out.println("caught " + e.getMessage());
                    }
                }

                @PessimisticLock(key = "{0}")
                static void hold(String item, CountDownLatch held, CountDownLatch done) {
                    held.countDown();
                    try {
                        done.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }

                @PessimisticLock(key = "{0}", waitTime = "0")
                static void atOnce(String item) {
                    System.out.println("ran");
                }
            }
            """;

    @Parameter
    Jdk jdk;

    @Test
    void itCatchesItsOwn(@TempDir Path classes) {
        Path annotations = ClassPath.of(PessimisticLock.class);
        Sources.compile(classes, "com.example.Main", MAIN);
        try (RedisServer redis = RedisServer.start();
                ForkedJvm jvm = ForkedJvm.main("io.floodlock.launcher.ChildFirst")
                        .jdk(jdk)
                        // the parent has the annotations too
                        .classPath(ClassPath.of(ChildFirstIT.class), annotations)
                        .jvmArgs("-javaagent:" + ClassPath.agentJar())
                        .property("floodlock.redis", redis.url())
                        .args(classes.toString(), annotations.toString())
                        .start()) {
            assertEquals(0, jvm.awaitExit(), jvm::output);
            String output = jvm.output();
            assertTrue(output.contains("own copy true"), output);
            assertTrue(output.lines().anyMatch(line -> line.startsWith("caught ") && line.contains("'a'")), output);
            assertTrue(output.lines().anyMatch(line -> line.contains("{0} is null")), output);
            assertTrue(output.lines().noneMatch(line -> line.equals("ran")), output);
        }
    }
}
