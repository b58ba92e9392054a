package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Sources;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** An application that has nothing of Floodlock on its class path, made safe by a rules file alone. */
@OnEachJdk
class RulesIT {

    private static final int ADDED_BY_EACH = 400;

    /** Adds to a number in a file, which two JVMs share: reads, lets others run, writes. */
    private static final String APP = """
            package com.shop;

            import java.io.IOException;
            import java.nio.file.*;

            public class App {

                interface Counter {
                    void add(String name) throws IOException;
                }

                record FileCounter(Path folder) implements Counter {
                    @Override
                    public void add(String name) throws IOException {
                        Path file = folder.resolve(name);
                        int value = Integer.parseInt(Files.readString(file));
                        Thread.yield();
                        Path next = Files.createTempFile(folder, "next", "");
                        Files.writeString(next, Integer.toString(value + 1));
                        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    }
                }

                public static void main(String[] args) throws Exception {
                    Counter counter = new FileCounter(Path.of(args[0]));
                    System.out.println("ready");
                    System.in.read();
                    Thread[] threads = new Thread[4];
                    for (int i = 0; i < threads.length; i++) {
                        threads[i] = new Thread(() -> {
                            try {
                                for (int n = 0; n < 100; n++) {
                                    counter.add("sold");
                                }
                            } catch (Throwable e) {
                                e.printStackTrace();
                            }
                        });
                        threads[i].start();
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    System.out.println("done");
                }
            }
            """;

    @Parameter
    Jdk jdk;

    @TempDir
    Path folder;

    private Path application;
    private Path data;

    @BeforeEach
    void compile() throws IOException {
        application = Files.createDirectory(folder.resolve("application"));
        data = Files.createDirectory(folder.resolve("data"));
        Sources.compile(application, "com.shop.App", APP);
    }

    @Test
    void aRuleOnAnInterfaceKeepsEveryUpdateOfTwoJvms() throws IOException {
        Path rules = rules("pessimisticLock: execution(* com.shop.App.Counter.add(..)) key=counter:{0} waitTime=1m");
        try (RedisServer redis = RedisServer.start()) {
            assertEquals(
                    2 * ADDED_BY_EACH,
                    sum(agent().property("floodlock.redis", redis.url())
                            .property("floodlock.rules", rules.toString())));
        }
    }

    @Test
    void withoutTheRuleUpdatesAreLost() throws IOException {
        int sum = sum(agent());
        assertTrue(sum < 2 * ADDED_BY_EACH, "nothing was lost of " + sum);
    }

    @Test
    void aRuleThatHasMatchedNothingIsReportedAtTheEnd() throws IOException {
        Path rules = rules(
                "# renamed since",
                "sharedLock: execution(* com.shop.App.Counter.subtract(..)) key=k",
                "sharedLock: execution(* com.shop.App.Counter.add(..)) key=k");
        try (ForkedJvm jvm =
                agent().property("floodlock.rules", rules.toString()).args("-").start()) {
            jvm.awaitLine("ready"::equals);
            jvm.terminate();
            jvm.awaitExit();
            assertTrue(
                    jvm.output()
                            .contains(
                                    "shop.rules:2: sharedLock: the pointcut"
                                            + " 'execution(* com.shop.App.Counter.subtract(..))' matches no method: com.shop.App$Counter exists"),
                    jvm.output());
            assertFalse(jvm.output().contains("shop.rules:3"), jvm.output());
        }
    }

    @Test
    void mistakesStopTheStartWithTheirLines() throws IOException {
        Path rules = rules(
                "pessimisticLock: execution(* com.shop.App.main(..))",
                "pessimisticLock: call(* com.shop.App.main(..)) key=k",
                "mutex: execution(* com.shop.App.main(..)) key=k");
        try (ForkedJvm jvm =
                agent().property("floodlock.rules", rules.toString()).args("-").start()) {
            assertEquals(78, jvm.awaitExit(), jvm.output());
            for (String part : new String[] {
                "shop.rules:1: pessimisticLock key is",
                "shop.rules:2: pessimisticLock: the pointcut",
                "shop.rules:3: 'mutex"
            }) {
                assertTrue(jvm.output().contains(part), jvm.output());
            }
            assertFalse(jvm.output().contains("ready"), jvm.output());
        }
    }

    @Test
    void aspectJIsLoadedForARulesFileOnly() throws IOException {
        Path rules = rules("sharedLock: execution(* com.shop.Other.run(..)) key=k");
        assertFalse(loaded(agent()).contains(" org.aspectj."));
        assertTrue(loaded(agent().property("floodlock.rules", rules.toString())).contains(" org.aspectj."));
    }

    private static String loaded(ForkedJvm.Builder builder) {
        try (ForkedJvm jvm = builder.jvmArgs("-Xlog:class+load").args("-").start()) {
            jvm.awaitLine("ready"::equals);
            return jvm.output();
        }
    }

    /** Of what two JVMs have added at once. */
    private int sum(ForkedJvm.Builder builder) throws IOException {
        Path sold = Files.writeString(data.resolve("sold"), "0");
        builder.args(data.toString());
        try (ForkedJvm one = builder.start();
                ForkedJvm two = builder.start()) {
            one.awaitLine("ready"::equals);
            two.awaitLine("ready"::equals);
            one.send("go");
            two.send("go");
            assertEquals(0, one.awaitExit(), one.output());
            assertEquals(0, two.awaitExit(), two.output());
            assertFalse((one.output() + two.output()).contains("Exception"), one.output() + two.output());
        }
        return Integer.parseInt(Files.readString(sold));
    }

    private ForkedJvm.Builder agent() {
        return ForkedJvm.main("com.shop.App")
                .jdk(jdk)
                .classPath(application)
                .jvmArgs("-javaagent:" + ClassPath.agentJar(), "-Xmx128m", "-XX:TieredStopAtLevel=1");
    }

    private Path rules(String... lines) throws IOException {
        return Files.writeString(folder.resolve("shop.rules"), String.join("\n", lines));
    }
}
