package io.floodlock.runtime.queue.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What bodies of all JVMs did, in the order in which they did it: a file that is only appended to, a line per run. A second one
 * has a line per begin.
 */
final class Ledger implements AutoCloseable {

    private final Path file;
    private final FileChannel begun;
    private final FileChannel channel;

    Ledger(Path file) {
        this.file = file;
        try {
            this.begun = opened(file.resolveSibling(file.getFileName() + ".begun"));
            this.channel = opened(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return file;
    }

    private static FileChannel opened(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns when the line is on disk. */
    void began(String key, int number) {
        try {
            begun.write(line(key, number));
            begun.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void ran(String key, int number) {
        try {
            channel.write(line(key, number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer line(String key, int number) {
        return ByteBuffer.wrap((key + ":" + number + "\n").getBytes(StandardCharsets.UTF_8));
    }

    List<String> runs() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> distinct() {
        return new HashSet<>(runs());
    }

    /** Calls that ran for the first time after a later call of their key had. Repetitions are at-least-once's right. */
    static List<String> orderViolations(List<String> runs) {
        Map<String, Integer> highest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        List<String> out = new ArrayList<>();
        for (String run : runs) {
            if (seen.add(run)) {
                int colon = run.indexOf(':');
                String key = run.substring(0, colon);
                int number = Integer.parseInt(run.substring(colon + 1));
                Integer before = highest.get(key);
                if (before != null && before > number) {
                    out.add(run + " after " + key + ":" + before);
                } else {
                    highest.put(key, number);
                }
            }
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        begun.close();
        channel.close();
    }
}
