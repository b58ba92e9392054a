package io.floodlock.faults.start;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.app.Console;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A wrong configuration stops the start with exit status 78 and one message; the application's main does not run. */
@OnEachJdk
class BadConfigurationIT {

    private static final int EX_CONFIG = 78;

    @Parameter
    Jdk jdk;

    @Test
    void unknownKeyIsNamedWithThoseThereAre() {
        String output = refused(jvm().property("floodlock.leese", "10s"));

        assertTrue(output.contains("floodlock.leese (system property) is not a setting"), output);
        assertTrue(output.contains("lease, "), output);
    }

    @Test
    void badDurationIsNamedWithWhatIsAllowed() {
        String output = refused(jvm().property("floodlock.lease", "10 parsecs"));

        assertTrue(output.contains("floodlock.lease (system property) is '10 parsecs'"), output);
        assertTrue(output.contains("a duration from 1s to 5m"), output);
    }

    @Test
    void badUrlIsNamedWithoutItsPassword() {
        String output = refused(jvm().environment("FLOODLOCK_REDIS", "http://shop:s3cret@redis.example:6379"));

        assertTrue(output.contains("environment variable FLOODLOCK_REDIS"), output);
        assertTrue(output.contains("http://***@redis.example:6379"), output);
        assertTrue(output.contains("redis:// or rediss://"), output);
        assertFalse(output.contains("s3cret"), output);
    }

    @Test
    void everyWrongKeyIsNamedAtOnce() {
        String output = refused(
                jvm().property("floodlock.queue.lanes", "many").property("floodlock.namespace", "my namespace"));

        assertAll(
                () -> assertTrue(output.contains("floodlock.queue.lanes (system property) is 'many'"), output),
                () -> assertTrue(output.contains("floodlock.namespace (system property) is 'my namespace'"), output));
    }

    @Test
    void aMisspeltVariableIsNamedWithTheRightOne() {
        String output = refused(jvm().environment("FLOODLOCK_REDDIS", "redis://redis:6379"));

        assertTrue(
                output.contains("environment variable FLOODLOCK_REDDIS is not a setting; write FLOODLOCK_REDIS"),
                output);
    }

    @Test
    void whatOrchestratorsAndScriptsPutIntoTheEnvironmentStopsNothing() {
        try (ForkedJvm jvm = jvm().environment("FLOODLOCK_REDIS_PORT", "tcp://10.0.0.7:6379")
                .environment("FLOODLOCK_REDIS_SERVICE_HOST", "10.0.0.7")
                .environment("FLOODLOCK_REDIS_PORT_6379_TCP_ADDR", "10.0.0.7")
                .environment("FLOODLOCK_HOME", "/opt/floodlock")
                .environment("FLOODLOCK_LEASE", "")
                .start()) {
            jvm.awaitLine(line -> line.equals("say\tready"));
            assertEquals(
                    1,
                    jvm.lines().stream().filter(line -> line.contains(" WARN ")).count(),
                    jvm::output);
            assertTrue(jvm.output().contains("environment variable FLOODLOCK_HOME is not a setting"), jvm::output);
        }
    }

    @Test
    void theFileDecidesWhetherTheAgentStartsAndWhatAFailureMeans(@TempDir Path folder) throws IOException {
        Path off =
                Files.writeString(folder.resolve("off.properties"), "floodlock.enabled=false\nfloodlock.lease=soon\n");
        Path warn = Files.writeString(
                folder.resolve("warn.properties"), "floodlock.on-failure=warn\nfloodlock.lease=soon\n");
        try (ForkedJvm disabled =
                        jvm().property("floodlock.config", off.toString()).start();
                ForkedJvm warned =
                        jvm().environment("FLOODLOCK_CONFIG", warn.toString()).start()) {
            disabled.awaitLine(line -> line.equals("say\tready"));
            assertFalse(disabled.output().contains("floodlock"), disabled::output);
            warned.awaitLine(line -> line.equals("say\tready"));
            assertTrue(warned.output().contains("floodlock.lease (in " + warn + ") is 'soon'"), warned::output);
            assertTrue(warned.output().contains("UNPROTECTED"), warned::output);
        }
        // the control: a place that comes before the file
        refused(jvm().property("floodlock.config", warn.toString()).environment("FLOODLOCK_ON_FAILURE", "refuse"));
    }

    @Test
    void warnStartsTheApplicationUnprotected() {
        try (ForkedJvm jvm = jvm().property("floodlock.leese", "10s")
                .property("floodlock.on-failure", "warn")
                .start()) {
            jvm.awaitLine(line -> line.equals("say\tready"));
            assertTrue(jvm.output().contains("UNPROTECTED"), jvm::output);
        }
    }

    private ForkedJvm.Builder jvm() {
        return ForkedJvm.main(Console.class.getName())
                .jdk(jdk)
                .classPath(ClassPath.of(Console.class))
                .jvmArgs("-javaagent:" + ClassPath.agentJar());
    }

    private static String refused(ForkedJvm.Builder builder) {
        try (ForkedJvm jvm = builder.start()) {
            int status = jvm.awaitExit();
            String output = jvm.output();
            assertEquals(EX_CONFIG, status, output);
            assertFalse(output.contains("ready"), output);
            assertFalse(output.contains("\tat "), () -> "a stack trace says nothing to a user: " + output);
            return output;
        }
    }
}
