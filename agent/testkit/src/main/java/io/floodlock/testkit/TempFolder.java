package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of a server, deleted when the server is closed. */
final class TempFolder {

    private TempFolder() {}

    static Path create(String name) {
        try {
            return Files.createTempDirectory("floodlock-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for " + name, e);
        }
    }

    /** A dying server may still add and remove files, so what vanishes on the way is fine and a second pass is made. */
    static void delete(Path folder) {
        for (int pass = 0; pass < 3 && Files.exists(folder); pass++) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException | UncheckedIOException e) {
                continue;
            } catch (IOException e) {
                continue;
            }
        }
    }
}
