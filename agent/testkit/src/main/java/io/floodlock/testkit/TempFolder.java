package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Creates and deletes the temporary folders of the servers, of {@link TlsProxy} and of {@link FakeClock}. */
final class TempFolder {

    private TempFolder() {}

    static Path create(String name) {
        try {
            return Files.createTempDirectory("floodlock-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for " + name, e);
        }
    }

    /**
     * Deletes a folder. A server that is ending may still add and remove files, so files that disappear are ignored,
     * and up to three passes are made.
     */
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
