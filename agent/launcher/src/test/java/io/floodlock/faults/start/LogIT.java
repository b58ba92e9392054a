package io.floodlock.faults.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.PessimisticLock;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Sources;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Where the agent logs. The application has SLF4J 1.7 and its simple logger; two of its classes are refused. */
@OnEachJdk
class LogIT {

    private static final String APP = """
            package com.shop;

            import io.floodlock.PessimisticLock;
            import org.slf4j.LoggerFactory;

            public class App {

                public static void main(String[] args) throws Exception {
                    load("com.shop.App$Early");
                    if (args.length > 0) {
                        LoggerFactory.getLogger("com.shop.App").info("the application logs");
                    }
                    load("com.shop.App$Late");
                    System.out.println("ready");
                    System.in.read();
                }

                static void load(String name) throws ClassNotFoundException {
                    try {
                        Class.forName(name);
                    } catch (LinkageError refused) {
                        System.out.println("refused " + name);
                    }
                }

                static class Early {
                    @PessimisticLock(key = "a", waitTime = "never")
                    void run() {}
                }

                static class Late {
                    @PessimisticLock(key = "a", waitTime = "never")
                    void run() {}
                }
            }
            """;

    private static final String DATE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";
    private static final String OURS = DATE + "ERROR floodlock \\[main\\] com\\.shop\\.App\\$";
    private static final String THEIRS = "\\[floodlock-log\\] ERROR io\\.floodlock\\.weaver - com\\.shop\\.App\\$";
    private static final String GREETING = DATE
            + "INFO floodlock \\[main\\] Floodlock \\S+ on JDK \\S+: Redis redis://127\\.0\\.0\\.1:6379, namespace default";

    @Parameter
    Jdk jdk;

    @TempDir
    Path folder;

    private Path classes;
    private Path[] slf4j;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(folder.resolve("classes"));
        slf4j = Arrays.stream(ClassPath.folder("other-versions"))
                .filter(jar -> jar.getFileName().toString().startsWith("slf4j-"))
                .toArray(Path[]::new);
        Sources.compile(classes, "com.shop.App", APP, slf4j);
    }

    @Test
    void toStandardErrorWithDateAndLevelByDefault() {
        String log = run(app().args("log"));
        assertLines(1, GREETING, log);
        assertLines(1, OURS + "Early.*", log);
        assertLines(1, OURS + "Late.*", log);
        assertLines(0, ".*floodlock-log.*", log);
    }

    @Test
    void nothingAtAGoodStartFromALevelOn() {
        String log = run(app().property("floodlock.log.level", "error").args("log"));
        assertLines(0, GREETING, log);
        assertLines(1, OURS + "Early.*", log);
    }

    @Test
    void toAFileThatIsAppendedTo() throws IOException {
        Path file = Files.writeString(folder.resolve("agent.log"), "before\n");
        String printed = run(app().environment("FLOODLOCK_LOG", file.toString()).args("log"));
        assertFalse(printed.contains(" floodlock ["), printed);
        String log = Files.readString(file);
        assertTrue(log.startsWith("before\n"), log);
        assertLines(1, GREETING, log);
        assertLines(1, OURS + "Early.*", log);
        assertLines(1, OURS + "Late.*", log);
    }

    @Test
    void aFileThatCantBeWrittenStopsTheStart() {
        Path file = folder.resolve("missing/agent.log");
        try (ForkedJvm jvm = app().property("floodlock.log", file.toString()).start()) {
            assertEquals(78, jvm.awaitExit(), jvm::output);
            assertTrue(
                    jvm.output().contains("floodlock.log is '" + file + "', a file that can't be written"),
                    jvm::output);
        }
    }

    @Test
    void toTheApplicationsLoggingOnceTheApplicationHasBegunIt() {
        String log = run(app().property("floodlock.log", "slf4j").args("log"));
        // by then the application's logging may have begun
        assertLines(1, "(" + OURS + "|" + THEIRS + ")Early.*", log);
        assertLines(1, THEIRS + "Late.*", log);
        assertLines(0, OURS + "Late.*", log);
    }

    @Test
    void theApplicationsLoggingIsNeverBegunForTheAgent() {
        String log = run(app().property("floodlock.log", "slf4j").jvmArgs("-Xlog:class+load"));
        assertLines(1, OURS + "Early.*", log);
        assertLines(1, OURS + "Late.*", log);
        assertLines(0, ".* org\\.slf4j\\.LoggerFactory source: .*slf4j-api.*", log);
        // the control: the application begins it
        String begun = run(app().property("floodlock.log", "slf4j")
                .jvmArgs("-Xlog:class+load")
                .args("log"));
        assertLines(1, ".* org\\.slf4j\\.LoggerFactory source: .*slf4j-api.*", begun);
    }

    @Test
    void theApplicationDecidesWhatItTakesButNoErrorIsLost() {
        String some = run(app().property("floodlock.log", "slf4j")
                .property("org.slf4j.simpleLogger.log.io.floodlock", "error")
                .args("log"));
        assertLines(1, THEIRS + "Late.*", some);
        String none = run(app().property("floodlock.log", "slf4j")
                .property("org.slf4j.simpleLogger.log.io.floodlock", "off")
                .args("log"));
        assertLines(0, THEIRS + "Late.*", none);
        assertLines(1, OURS + "Late.*", none);
    }

    private static void assertLines(long count, String pattern, String log) {
        assertEquals(count, log.lines().filter(line -> line.matches(pattern)).count(), log);
    }

    private String run(ForkedJvm.Builder builder) {
        try (ForkedJvm jvm = builder.start()) {
            jvm.awaitLine("ready"::equals);
            jvm.send("go");
            assertEquals(0, jvm.awaitExit(), jvm::output);
            assertTrue(jvm.lines().contains("refused com.shop.App$Late"), jvm::output);
            return jvm.output();
        }
    }

    private ForkedJvm.Builder app() {
        return ForkedJvm.main("com.shop.App")
                .jdk(jdk)
                .classPath(classes, ClassPath.of(PessimisticLock.class), slf4j[0], slf4j[1])
                .jvmArgs("-javaagent:" + ClassPath.agentJar(), "-Xmx128m", "-XX:TieredStopAtLevel=1");
    }
}
