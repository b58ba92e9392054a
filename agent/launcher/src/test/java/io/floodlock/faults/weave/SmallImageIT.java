package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Console;
import io.floodlock.faults.app.WithoutJdbc;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java runtime that jlink made of the two modules which the agent needs, without java.sql. */
@OnEachJdk
class SmallImageIT extends SharedRedis {

    @TempDir
    Path folder;

    private Jdk image;

    @BeforeEach
    void link() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(jdk.home().resolve("bin/jlink")), "this is no whole JDK: it lacks jlink");
        // from 24 on a JDK may be built to link from itself
        assumeTrue(
                jdk.feature() >= 24 || Files.isDirectory(jdk.home().resolve("jmods")),
                "this JDK lacks the modules that jlink needs");
        Path home = folder.resolve("image");
        Process jlink = new ProcessBuilder(
                        jdk.home().resolve("bin/jlink").toString(),
                        "--add-modules",
                        "java.base,java.instrument",
                        "--output",
                        home.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(jlink.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jlink.waitFor(), output);
        image = new Jdk(home, jdk.feature());
    }

    @Test
    void locksAndQueuesWorkAndWhatIsAboutDatabasesIsRefusedByName() {
        try (Program app = program(WithoutJdbc.class).jdk(image).start()) {
            app.awaitLog("INFO", "This Java runtime lacks the module java.sql");
            assertEquals("200", app.call("count").value());
            assertEquals("ran a", app.call("store", "a").value());
            assertEquals("refused", app.call("load", "Transacted").value());
            app.awaitLog("ERROR", "Transacted.run has @DistributedTx", "lacks the module java.sql. Add it");
            assertEquals("refused", app.call("load", "Fenced").value());
            app.awaitLog("ERROR", "Fenced.run has fenced = true", "lacks the module java.sql. Add it");
        }
    }

    @Test
    void onTheWholeJdkTheSameClassesLoadAndNothingIsSaidToBeMissing() {
        try (Program app = program(WithoutJdbc.class).start()) {
            assertEquals("200", app.call("count").value());
            assertEquals("loaded", app.call("load", "Transacted").value());
            assertEquals("loaded", app.call("load", "Fenced").value());
            assertFalse(app.jvm().output().contains("lacks the module"), app.jvm()::output);
        }
    }

    @Test
    void whatNeedsAnotherModuleSaysWhich() throws IOException {
        Path yaml = Files.writeString(folder.resolve("redisson.yaml"), "singleServerConfig: {}\n");
        try (ForkedJvm jvm = ForkedJvm.main(Console.class.getName())
                .jdk(image)
                .classPath(ClassPath.of(Console.class))
                .jvmArgs("-javaagent:" + ClassPath.agentJar())
                .property("floodlock.redisson", yaml.toString())
                .start()) {
            assertEquals(78, jvm.awaitExit(), jvm::output);
            assertTrue(jvm.output().contains("floodlock.redisson needs the module java.desktop"), jvm::output);
        }
        try (ForkedJvm tool =
                ForkedJvm.jar(ClassPath.agentJar()).jdk(image).args("check").start()) {
            assertEquals(2, tool.awaitExit(), tool::output);
            assertTrue(tool.output().contains("need the module java.sql"), tool::output);
        }
    }
}
