package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real compilers find the processor in the jar of the annotations, and run it as they promise. */
class ForkedCompilerIT {

    private static final Path CURRENT = Path.of(System.getProperty("java.home"));
    private static final String JAVA_25 = "floodlock.java25";

    @TempDir
    private Path folder;

    private Path source;
    private Path classes;

    private record Run(int status, String text) {}

    @BeforeEach
    void writeSource() throws IOException {
        classes = folder.resolve("classes");
        source = folder.resolve("Orders.java");
        write("@Queued(queue = \"orders\", name = \"place\") void place(java.util.List<String> order) {}");
    }

    @Test
    void theProcessorIsFoundWithoutBeingNamed() throws Exception {
        assertEquals(new Run(0, ""), javac(CURRENT, "-Werror", "-Xlint:all,-processing"));
        assertEquals("com.shop.Orders\n", read(FloodlockProcessor.INDEX));
    }

    @Test
    void jdk25RunsItWhenAsked() throws Exception {
        Path java25 = java25();
        assertEquals(new Run(0, ""), javac(java25, "-proc:full", "-Werror", "-Xlint:all,-processing"));
        assertEquals("com.shop.Orders\n", read(FloodlockProcessor.INDEX));
        String messages = read(FloodlockProcessor.MESSAGES);
        assertEquals(0, javac(CURRENT).status());
        assertEquals(messages, read(FloodlockProcessor.MESSAGES));
        write("@Queued(queue = \"orders\", name = \"place\", attempts = 0) void place(String order) {}");
        Run refused = javac(java25, "-proc:full");
        assertNotEquals(0, refused.status());
        assertTrue(refused.text().contains("Orders.java:4: error: @Queued attempts is \"0\""), refused.text());
    }

    @Test
    void jdk25RunsAProcessorOnItsPath() throws Exception {
        assertEquals(
                0, javac(java25(), "-processorpath", Compiled.annotations()).status());
        assertEquals("com.shop.Orders\n", read(FloodlockProcessor.INDEX));
    }

    /** Why the documentation tells users of JDK 23 and later to ask for it. */
    @Test
    void jdk25DoesNotRunItUnasked() throws Exception {
        assertEquals(0, javac(java25()).status());
        assertFalse(Files.exists(classes.resolve(FloodlockProcessor.INDEX)));
    }

    /** As incremental builds of Gradle do it: classes that are compiled already are processed again. */
    @Test
    void classFilesGiveTheSameFilesAsTheirSources() throws Exception {
        assertEquals(0, javac(CURRENT, "-parameters").status());
        String index = read(FloodlockProcessor.INDEX);
        String messages = read(FloodlockProcessor.MESSAGES);
        Path again = Files.createDirectory(folder.resolve("again"));
        String classPath = classes + File.pathSeparator + Compiled.annotations();
        assertEquals(
                new Run(0, ""),
                run(CURRENT, "-proc:only", "-cp", classPath, "-d", again.toString(), "com.shop.Orders"));
        assertEquals(index, Files.readString(again.resolve(FloodlockProcessor.INDEX)));
        assertEquals(messages, Files.readString(again.resolve(FloodlockProcessor.MESSAGES)));
    }

    private void write(String body) throws IOException {
        Files.writeString(
                source, "package com.shop;\nimport io.floodlock.Queued;\nclass Orders {\n    " + body + "\n}\n");
    }

    private String read(String name) throws IOException {
        return Files.readString(classes.resolve(name));
    }

    private Run javac(Path home, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-cp", Compiled.annotations(), "-d", classes.toString(), source.toString()));
        return run(home, arguments.toArray(String[]::new));
    }

    private Run run(Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/javac").toString());
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // a JVM that takes options from it says so
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        int status = builder.start().waitFor();
        return new Run(status, Files.readString(said, StandardCharsets.UTF_8));
    }

    private static Path java25() throws IOException {
        Optional<Path> found = homes().filter(ForkedCompilerIT::isJava25).findFirst();
        assumeTrue(found.isPresent(), "no JDK 25: name its home by -D" + JAVA_25 + " or JAVA_HOME_25");
        return found.get();
    }

    private static Stream<Path> homes() throws IOException {
        List<Path> homes = new ArrayList<>();
        for (String named : new String[] {System.getProperty(JAVA_25), System.getenv("JAVA_HOME_25")}) {
            if (named != null && !named.isBlank()) {
                homes.add(Path.of(named));
            }
        }
        homes.add(CURRENT);
        Path usual = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(usual)) {
            try (Stream<Path> children = Files.list(usual)) {
                children.sorted().forEach(homes::add);
            }
        }
        return homes.stream();
    }

    private static boolean isJava25(Path home) {
        try {
            return Files.isExecutable(home.resolve("bin/javac"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"25");
        } catch (IOException unreadable) {
            return false;
        }
    }
}
