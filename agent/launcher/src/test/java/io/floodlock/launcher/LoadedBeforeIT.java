package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.launcher.app.Changed;
import io.floodlock.launcher.app.Parameters;
import io.floodlock.launcher.app.Prepared;
import io.floodlock.launcher.app.Refused;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Another agent has loaded classes of the application, changed them, or made them, before this one starts. */
class LoadedBeforeIT {

    private static final String OTHER = """
            import java.io.*;
            import java.lang.instrument.*;
            import java.security.ProtectionDomain;
            import java.util.*;
            public class Other implements ClassFileTransformer, Runnable {
                static Instrumentation instrumentation;
                static String name;
                static String path;
                final boolean redefinitionsToo;
                Other(boolean redefinitionsToo) { this.redefinitionsToo = redefinitionsToo; }
                public static void premain(String arguments, Instrumentation given) throws Exception {
                    instrumentation = given;
                    String mode = arguments.split("=")[0];
                    name = arguments.split("=")[1];
                    path = mode.startsWith("memory") ? arguments.split("=")[2] : null;
                    switch (mode) {
                        case "capable", "memory-capable" -> given.addTransformer(new Other(true), true);
                        case "incapable" -> given.addTransformer(new Other(true), false);
                        case "careless" -> given.addTransformer(new Other(false), false);
                        default -> { }
                    }
                    Class<?> type = mode.startsWith("memory")
                        ? new Memory().define(name, file())
                        : Class.forName(name, mode.equals("initialized"), ClassLoader.getSystemClassLoader());
                    System.getProperties().put("made", type);
                    if (mode.equals("redefines")) {
                        given.redefineClasses(new ClassDefinition(type, replaced(file())));
                    }
                    if (!mode.equals("redefines")) { // JDK 17 forgets a redefinition when it retransforms
                        System.getProperties().put("retransform", new Other(true));
                    }
                }
                public void run() {
                    try {
                        instrumentation.retransformClasses((Class<?>) System.getProperties().get("made"));
                    } catch (UnmodifiableClassException e) {
                        throw new IllegalStateException(e);
                    }
                }
                static byte[] file() throws IOException {
                    try (InputStream in = path != null ? new FileInputStream(path)
                            : ClassLoader.getSystemResourceAsStream(name.replace('.', '/') + ".class")) {
                        return in.readAllBytes();
                    }
                }
                public byte[] transform(ClassLoader l, String n, Class<?> redefined, ProtectionDomain d, byte[] file) {
                    return !name.replace('.', '/').equals(n) || (redefined != null && !redefinitionsToo)
                        ? null : replaced(file);
                }
                static byte[] replaced(byte[] file) {
                    byte[] copy = file.clone();
                    byte[] text = "original".getBytes();
                    for (int i = 0; i + text.length < copy.length; i++) {
                        if (Arrays.equals(copy, i, i + text.length, text, 0, text.length)) {
                            System.arraycopy("replaced".getBytes(), 0, copy, i, text.length);
                        }
                    }
                    return copy;
                }
                static class Memory extends ClassLoader {
                    Class<?> define(String name, byte[] file) { return defineClass(name, file, 0, file.length); }
                }
            }
            """;

    /** Calls the class that the other agent has made, as no class path leads to it. */
    private static final String CALLS = """
            public class Calls {
                public static void main(String[] args) throws Exception {
                    Class<?> made = (Class<?>) System.getProperties().get("made");
                    made.getMethod("main", String[].class).invoke(null, (Object) args);
                }
            }
            """;

    private static final String MADE = """
            package com.example;
            public class Made {
                @io.floodlock.PessimisticLock(key = "{orderId}")
                static void locked(long orderId) { System.out.println("original"); }
                public static void main(String[] args) { locked(1); }
            }
            """;

    private static final String PLAIN = """
            package com.example;
            public class Plain {
                public static void main(String[] args) throws Exception {
                    System.out.println("plain "
                        + Plain.class.getMethod("main", String[].class).getParameters()[0].isNamePresent());
                }
            }
            """;

    @TempDir
    Path folder;

    private String other;
    private Path hidden;

    static Stream<Arguments> jdksAndModes() {
        return Jdks.all().stream()
                .flatMap(jdk -> Stream.of("plain", "initialized", "capable", "incapable", "careless", "redefines")
                        .map(mode -> Arguments.of(jdk, mode)));
    }

    @BeforeEach
    void otherAgent() throws IOException {
        // on no class path
        hidden = new Sources(Files.createDirectory(folder.resolve("hidden")))
                .add("com/example/Made.java", MADE)
                .add("com/example/Plain.java", PLAIN)
                .with("-cp", App.ANNOTATIONS.toString())
                .compile();
        Path jar = new Sources(folder)
                .add("Other.java", OTHER)
                .add("Calls.java", CALLS)
                .jar("Premain-Class", "Other", "Can-Retransform-Classes", "true", "Can-Redefine-Classes", "true");
        other = "-javaagent:" + jar + "=";
    }

    @ParameterizedTest
    @MethodSource("jdksAndModes")
    void bothAgentsChangesSurviveInEitherOrder(Jdk jdk, String mode) {
        String option = other + mode + "=" + Changed.class.getName();
        boolean changes = !List.of("plain", "initialized").contains(mode);
        String expected = """
                  enter locked[orderId]
                %s
                  exit locked[orderId]
                true orderId
                true plainId
                """.formatted(changes ? "replaced" : "original")
                .repeat(mode.equals("redefines") ? 1 : 2)
                .strip();
        for (List<String> order :
                List.of(List.of(option, RecordingAgent.option()), List.of(RecordingAgent.option(), option))) {
            try (ForkedJvm jvm = App.main(Changed.class, jdk)
                    .jvmArgs(order.toArray(String[]::new))
                    .start()) {
                assertEquals(0, jvm.awaitExit(), jvm.output());
                assertEquals(expected, jvm.output().strip(), mode + order);
            }
        }
    }

    @PerJdk
    void withoutThisAgentTheOtherRunsTheClassUnwoven(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Changed.class, jdk)
                .jvmArgs(other + "redefines=" + Changed.class.getName())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().startsWith("replaced"), jvm.output());
            assertFalse(jvm.output().contains("enter"), jvm.output());
        }
    }

    @PerJdk
    void aLoadedClassThatCantBeWovenStopsTheStart(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Parameters.class, jdk)
                .jvmArgs(other + "plain=" + Refused.class.getName(), RecordingAgent.option())
                .start()) {
            assertEquals(78, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains(Refused.class.getName() + " was loaded before the agent"), jvm.output());
        }
    }

    @PerJdk
    void anAnnotatedClassMadeInMemoryStopsTheStart(Jdk jdk) {
        try (ForkedJvm jvm = inMemory(jdk, "memory", "com.example.Made").start()) {
            assertEquals(78, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("com.example.Made was loaded before the agent"), jvm.output());
            assertTrue(jvm.output().contains("it has no class file"), jvm.output());
        }
        try (ForkedJvm jvm = inMemory(jdk, "memory", "com.example.Made")
                .property("floodlock.on-failure", "warn")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("It runs UNPROTECTED"), jvm.output());
            // the control: this is what would have happened
            assertTrue(jvm.lines().contains("original"), jvm.output());
            assertFalse(jvm.output().contains("  enter"), jvm.output());
        }
    }

    @PerJdk
    void aClassMadeInMemoryOfWhichTheJvmHasKeptTheBytesIsWoven(Jdk jdk) {
        try (ForkedJvm jvm = inMemory(jdk, "memory-capable", "com.example.Made").start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(
                    jvm.output().contains("  enter locked[orderId]\nreplaced\n  exit locked[orderId]"), jvm.output());
        }
    }

    @PerJdk
    void otherClassesMadeInMemoryStayAsTheyAre(Jdk jdk) {
        try (ForkedJvm jvm = inMemory(jdk, "memory", "com.example.Plain").start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("plain true", jvm.output());
        }
    }

    @PerJdk
    void storedCallsWaitForAnInitializerThatHasNotRunYetOnly(Jdk jdk) {
        try (ForkedJvm jvm = prepared(jdk, "plain").start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("  woven run awaits"), jvm.output());
            assertTrue(jvm.lines().contains("  initialized run[id]"), jvm.output());
        }
        try (ForkedJvm jvm = prepared(jdk, "initialized").start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("  woven run"), jvm.output());
            assertFalse(jvm.output().contains("initialized run"), jvm.output());
        }
    }

    private ForkedJvm.Builder prepared(Jdk jdk, String mode) {
        return App.main(Prepared.class, jdk)
                .jvmArgs(other + mode + "=" + Prepared.class.getName(), RecordingAgent.option())
                .property("recording.woven", "true");
    }

    private ForkedJvm.Builder inMemory(Jdk jdk, String mode, String name) {
        return ForkedJvm.main("Calls")
                .jdk(jdk)
                .classPath(folder.resolve("compiled.jar"), App.CLASSES, App.ANNOTATIONS)
                .jvmArgs(
                        other + mode + "=" + name + "=" + hidden.resolve(name.replace('.', '/') + ".class"),
                        RecordingAgent.option());
    }
}
