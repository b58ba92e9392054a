package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floodlock.launcher.app.Parameters;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
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
        Optional<Jdk> jdk = Jdks.java25();
        assumeTrue(jdk.isPresent(), "SKIPPED: no JDK 25 found, and older ones have no AOT cache");
        Path cache = folder.resolve("app.aot");
        Path jar = appJar();
        try (ForkedJvm training = ForkedJvm.main(Parameters.class.getName())
                .jdk(jdk.get())
                .classPath(jar, App.ANNOTATIONS)
                .jvmArgs("-XX:AOTCacheOutput=" + cache, RecordingAgent.option())
                .property("floodlock.enabled", "false")
                .start()) {
            assertEquals(0, training.awaitExit(), training.output());
            assertTrue(Files.exists(cache), training.output());
        }
        try (ForkedJvm jvm = ForkedJvm.main(Parameters.class.getName())
                .jdk(jdk.get())
                .classPath(jar, App.ANNOTATIONS)
                .jvmArgs("-XX:AOTCache=" + cache, "-Xlog:class+load", RecordingAgent.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            String output = jvm.output();
            assertTrue(output.contains("  enter locked[orderId]"), output);
            assertTrue(output.contains("true orderId"), output);
            // the control: the class did come from the cache
            assertTrue(
                    jvm.lines().stream()
                            .anyMatch(
                                    line -> line.contains(Parameters.class.getName() + " source: shared objects file")),
                    output);
        }
    }

    /** The cache takes classes from jars only. */
    private Path appJar() {
        Path jar = folder.resolve("app.jar");
        Sources.jar(jar, App.CLASSES, "io/floodlock/launcher/app/Parameters");
        return jar;
    }
}
