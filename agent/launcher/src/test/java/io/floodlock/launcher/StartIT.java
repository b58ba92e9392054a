package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The shipped jar in JVMs of its own, on every JDK of this machine. */
class StartIT {

    @TempDir
    Path folder;

    @PerJdk
    void isActiveAndSaysSoOnceAndLessWhenToldTo(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Asks.class, jdk)
                        .jvmArgs(ShippedJar.option())
                        .property("floodlock.redis", "redis://shop:s3cret@10.0.0.7:6380/2")
                        .start();
                ForkedJvm silent = App.main(Asks.class, jdk)
                        .jvmArgs(ShippedJar.option() + "=log.level=warn")
                        .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals(2, jvm.lines().size(), jvm.output());
            assertTrue(
                    jvm.lines()
                            .get(0)
                            .endsWith(" on JDK " + version(jdk)
                                    + ": Redis redis://***@10.0.0.7:6380/2, namespace default"),
                    jvm.output());
            assertEquals("active: true", jvm.lines().get(1));
            assertEquals(0, silent.awaitExit(), silent.output());
            assertEquals("active: true", silent.output());
        }
    }

    private static String version(Jdk jdk) {
        try (ForkedJvm jvm = App.main(PrintsVersion.class, jdk).start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            return jvm.output();
        }
    }

    @PerJdk
    void isNotActiveWithoutTheAgentOrWhenDisabled(Jdk jdk) {
        try (ForkedJvm without = App.main(Asks.class, jdk).start();
                ForkedJvm disabled = App.main(Asks.class, jdk)
                        .jvmArgs(ShippedJar.option())
                        .property("floodlock.enabled", "false")
                        .start()) {
            assertEquals(0, without.awaitExit(), without.output());
            assertEquals("active: false", without.output());
            assertEquals(0, disabled.awaitExit(), disabled.output());
            assertEquals("active: false", disabled.output());
        }
    }

    @PerJdk
    void aSecondCopyIsRefusedAndTheFirstStays(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Asks.class, jdk)
                .jvmArgs(ShippedJar.option(), ShippedJar.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals(3, jvm.lines().size(), jvm.output());
            assertTrue(jvm.lines().get(0).contains(" INFO floodlock [main] Floodlock "), jvm.output());
            assertTrue(jvm.lines().get(1).startsWith("floodlock: a second copy of the agent"), jvm.output());
            assertEquals("active: true", jvm.lines().get(2));
        }
    }

    @PerJdk
    void badConfigurationStopsTheStartWithOneMessage(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Asks.class, jdk)
                .jvmArgs(ShippedJar.option())
                .property("floodlock.lease", "soon")
                .start()) {
            assertEquals(78, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().get(0).startsWith("floodlock: the agent can't start."), jvm.output());
            assertTrue(jvm.output().contains("lease"), jvm.output());
            assertTrue(jvm.output().contains("'soon'"), jvm.output());
            assertFalse(jvm.output().contains("\tat "), jvm.output());
            assertFalse(jvm.output().contains("active:"), jvm.output());
        }
    }

    @PerJdk
    void badConfigurationOnlyWarnsWhenToldTo(Jdk jdk) {
        try (ForkedJvm jvm = App.main(Asks.class, jdk)
                .jvmArgs(ShippedJar.option())
                .property("floodlock.lease", "soon")
                .environment("FLOODLOCK_ON_FAILURE", "warn")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("UNPROTECTED"), jvm.output());
            assertEquals("active: false", jvm.lines().get(jvm.lines().size() - 1));
        }
    }

    @PerJdk
    void leavesJdkToolsAlone(Jdk jdk) throws Exception {
        for (List<String> tool : List.of(
                List.of("javac", "-version"),
                List.of("jar", "--version"),
                List.of("keytool", "-help"),
                List.of("jcmd", "-l"))) {
            ProcessBuilder command = new ProcessBuilder(
                            jdk.java().resolveSibling(tool.get(0)).toString(), tool.get(1))
                    .redirectErrorStream(true);
            // would stop the start, were the configuration read
            command.environment().put("JAVA_TOOL_OPTIONS", ShippedJar.option() + " -Dfloodlock.lease=soon");
            Process process = command.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), tool + output);
            assertFalse(output.contains("floodlock:"), tool + output);
        }
    }

    @PerJdk
    void aProgramRunFromItsSourceFileIsNoTool(Jdk jdk) throws Exception {
        Path source = folder.resolve("Asks.java");
        Files.writeString(
                source,
                "class Asks { public static void main(String[] a) {"
                        + " System.out.println(\"active: \" + io.floodlock.Floodlock.isActive()); } }");
        Process process = new ProcessBuilder(
                        jdk.java().toString(),
                        ShippedJar.option() + "=log.level=warn",
                        "-cp",
                        App.ANNOTATIONS.toString(),
                        source.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertEquals("active: true", output.strip());
    }

    /** Another. */
    public static final class PrintsVersion {
        public static void main(String[] args) {
            System.out.println(Runtime.version());
        }
    }

    /** The program. */
    public static final class Asks {
        public static void main(String[] args) {
            System.out.println("active: " + io.floodlock.Floodlock.isActive());
        }
    }
}
