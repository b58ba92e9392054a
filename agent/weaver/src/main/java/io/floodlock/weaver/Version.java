package io.floodlock.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The release of Floodlock. */
public final class Version {

    /** As the build writes it: {@code 1.2.3}. */
    public static final String TEXT = read();

    private Version() {}

    private static String read() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "of an unknown version: " + e.getMessage();
        }
    }
}
