package io.floodlock.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/** The agent as it ships, built just before these tests. */
final class ShippedJar {

    private ShippedJar() {}

    static Path path() {
        Path jar = Path.of(System.getProperty("floodlock.test.agent", "target/floodlock-agent.jar"))
                .toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: run mvn -pl agent/launcher -am package first");
        }
        return jar;
    }

    static String option() {
        return "-javaagent:" + path();
    }
}
