package io.floodlock.testkit;

import java.nio.file.Path;

/** An installed JDK: its home and its feature version (17, 25). */
public record Jdk(Path home, int feature) {

    /** The java launcher. */
    public Path java() {
        return home.resolve("bin/java");
    }

    @Override
    public String toString() {
        return "JDK " + feature + " at " + home;
    }
}
