package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floodlock.launcher.app.Parameters;
import io.floodlock.launcher.app.Plain;
import io.floodlock.launcher.app.Prepared;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ahead-of-time cache, trained while the agent was off, brings the application's classes before the agent runs. */
class AotCacheIT {

    @TempDir
    Path folder;

    @Test
    void classesFromACacheTrainedWithoutWeavingAreWovenAllTheSame() {
        Path jar = appJar();
        Path cache = trained(jar, Parameters.class, "floodlock.enabled", "false");
        try (ForkedJvm jvm = fromCache(jar, cache, Parameters.class).start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            String output = jvm.output();
            assertTrue(output.contains("  enter locked[orderId]"), output);
            assertTrue(output.contains("true orderId"), output);
            assertCameFromCache(jvm, Parameters.class);
        }
        // the control: so it would run if nobody looked
        try (ForkedJvm jvm = fromCache(jar, cache, Parameters.class)
                .property("floodlock.enabled", "false")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertFalse(jvm.output().contains("  enter"), jvm.output());
            assertCameFromCache(jvm, Parameters.class);
        }
    }

    @Test
    void classesFromACacheTrainedWithOtherRulesFollowTheRulesOfTheStart() throws IOException {
        Path jar = appJar();
        Path trainedWith = Files.writeString(
                folder.resolve("trained.rules"), "sharedLock: execution(* com.example.Other.*(..)) key=other\n");
        Path rules = Files.writeString(
                folder.resolve("start.rules"),
                "sharedLock: execution(* " + Plain.class.getName() + ".plain(..)) key={text}\n");
        Path cache = trained(jar, Plain.class, "floodlock.rules", trainedWith.toString());
        try (ForkedJvm jvm = fromCache(jar, cache, Plain.class)
                .property("floodlock.rules", rules.toString())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("  enter plain[text]"), jvm.output());
            assertCameFromCache(jvm, Plain.class);
        }
        // the control: with the rules of the training it runs as trained
        try (ForkedJvm jvm = fromCache(jar, cache, Plain.class)
                .property("floodlock.rules", trainedWith.toString())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("plain"), jvm.output());
            assertFalse(jvm.output().contains("  enter"), jvm.output());
        }
    }

    @Test
    void aClassFromACacheHasNotBeenInitializedAndItsStoredCallsWait() {
        Path jar = appJar();
        Path cache = trained(jar, Prepared.class, "floodlock.enabled", "false");
        try (ForkedJvm jvm = fromCache(jar, cache, Prepared.class)
                .property("recording.woven", "true")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("  woven run awaits"), jvm.output());
            assertTrue(jvm.lines().contains("  initialized run[id]"), jvm.output());
            assertCameFromCache(jvm, Prepared.class);
        }
    }

    private Path trained(Path jar, Class<?> main, String property, String value) {
        Path cache = folder.resolve("app.aot");
        try (ForkedJvm training = ForkedJvm.main(main.getName())
                .jdk(java25())
                .classPath(jar, App.ANNOTATIONS)
                .jvmArgs("-XX:AOTCacheOutput=" + cache, RecordingAgent.option())
                .property(property, value)
                .start()) {
            assertEquals(0, training.awaitExit(), training.output());
            assertTrue(Files.exists(cache), training.output());
        }
        return cache;
    }

    private ForkedJvm.Builder fromCache(Path jar, Path cache, Class<?> main) {
        return ForkedJvm.main(main.getName())
                .jdk(java25())
                .classPath(jar, App.ANNOTATIONS)
                .jvmArgs("-XX:AOTCache=" + cache, "-Xlog:class+load", RecordingAgent.option());
    }

    private static void assertCameFromCache(ForkedJvm jvm, Class<?> type) {
        assertTrue(
                jvm.lines().stream().anyMatch(line -> line.contains(type.getName() + " source: shared objects file")),
                jvm.output());
    }

    private static Jdk java25() {
        Optional<Jdk> jdk = Jdks.java25();
        assumeTrue(jdk.isPresent(), "SKIPPED: no JDK 25 found, and older ones have no AOT cache");
        return jdk.get();
    }

    /** The cache takes classes from jars only. */
    private Path appJar() {
        Path jar = folder.resolve("app.jar");
        Sources.jar(jar, App.CLASSES, "io/floodlock/launcher/app/P");
        return jar;
    }
}
