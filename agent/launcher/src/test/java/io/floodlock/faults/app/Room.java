package io.floodlock.faults.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A room for one, shared by all JVMs that are given the same folder; who finds it taken says so. */
final class Room {

    private Room() {}

    static void enter(String folder) {
        try {
            Files.createFile(door(folder));
        } catch (FileAlreadyExistsException e) {
            Console.say("overlap");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void leave(String folder) {
        try {
            Files.deleteIfExists(door(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path door(String folder) {
        return Path.of(folder, "door");
    }
}
