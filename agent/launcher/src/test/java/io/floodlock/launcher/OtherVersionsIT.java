package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** An application that brings its own, older libraries, the same that the agent carries. */
class OtherVersionsIT {

    private static final Path LIBRARIES = Path.of("target/other-versions").toAbsolutePath();

    private static final String MAIN = """
            package com.example;
            import io.floodlock.*;
            public class Main {
                public static void main(String[] args) throws Exception {
                    use();
                    try {
                        locked("x");
                    } catch (FloodlockUnavailableException e) {
                        System.out.println("unavailable");
                    }
                    use();
                }
                @PessimisticLock(key = "{id}", waitTime = "100ms")
                static void locked(String id) {
                    System.out.println("body");
                }
                static void use() throws Exception {
                    System.out.println(new com.fasterxml.jackson.databind.ObjectMapper()
                            .writeValueAsString(java.util.Map.of("a", 1)));
                    System.out.println(new net.bytebuddy.ByteBuddy().subclass(Object.class)
                            .method(net.bytebuddy.matcher.ElementMatchers.named("toString"))
                            .intercept(net.bytebuddy.implementation.FixedValue.value("made"))
                            .make().load(Main.class.getClassLoader()).getLoaded()
                            .getConstructor().newInstance());
                    System.out.println(io.netty.buffer.Unpooled.buffer().writeInt(7).readInt());
                    System.out.println(org.slf4j.LoggerFactory.getLogger("x").getClass().getName());
                    for (Class<?> type : new Class<?>[] {
                        org.redisson.config.Config.class, io.netty.util.Version.class, net.bytebuddy.ByteBuddy.class,
                        com.fasterxml.jackson.core.JsonFactory.class, org.slf4j.Logger.class
                    }) {
                        System.out.println(type.getName() + " "
                                + type.getProtectionDomain().getCodeSource().getLocation());
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @PerJdk
    void itsLibrariesWorkAsWithoutTheAgent(Jdk jdk) throws IOException {
        Path[] libraries = libraries();
        Path classes = new Sources(folder)
                .add("com/example/Main.java", MAIN)
                .with(
                        "-cp",
                        App.ANNOTATIONS + ":"
                                + String.join(
                                        ":",
                                        Stream.of(libraries).map(Path::toString).toList()))
                .compile();
        Path[] classPath = Stream.concat(Stream.of(classes, App.ANNOTATIONS), Stream.of(libraries))
                .toArray(Path[]::new);
        try (ForkedJvm without = ForkedJvm.main("com.example.Main")
                        .jdk(jdk)
                        .jvmArgs("-Dnet.bytebuddy.experimental=true")
                        .classPath(classPath)
                        .start();
                ForkedJvm with = ForkedJvm.main("com.example.Main")
                        .jdk(jdk)
                        .jvmArgs("-Dnet.bytebuddy.experimental=true", ShippedJar.option())
                        .property("floodlock.redis", "redis://127.0.0.1:1")
                        .classPath(classPath)
                        .start()) {
            assertEquals(0, without.awaitExit(), without.output());
            assertEquals(0, with.awaitExit(), with.output());
            // the agent's own Redisson was in use in between, and said that nobody answers
            assertEquals(used(without), used(with));
            assertTrue(without.lines().contains("body"), without.output());
            assertTrue(with.lines().contains("unavailable"), with.output());
        }
    }

    /** What the application printed of its libraries, without the JVM's warnings about them. */
    private static List<String> used(ForkedJvm jvm) {
        List<String> lines = jvm.lines().stream()
                .filter(line -> line.matches("(\\{|made|7$|org\\.|io\\.|net\\.|com\\.).*"))
                .toList();
        assertEquals(18, lines.size(), jvm.output());
        return lines;
    }

    private static Path[] libraries() throws IOException {
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            return files.sorted().toArray(Path[]::new);
        }
    }
}
