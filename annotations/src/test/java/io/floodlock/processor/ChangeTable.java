package io.floodlock.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the table of changes that a test of the codec reads too.
 *
 * @param before the body of the class in the release
 */
record ChangeTable(String before, List<Change> changes) {

    private static final Path FILE = Path.of("src", "test", "resources", "message-changes.txt");

    /** @param error a part of the processor's message; empty if the change passes */
    record Change(String title, String from, String to, String error) {}

    static ChangeTable read() {
        StringBuilder before = new StringBuilder();
        List<Change> changes = new ArrayList<>();
        boolean isBefore = false;
        try {
            for (String line : Files.readAllLines(FILE)) {
                String word = line.replaceFirst(" .*", "");
                String rest = line.substring(Math.min(line.length(), word.length() + 1));
                Change last = changes.isEmpty() ? null : changes.get(changes.size() - 1);
                switch (word) {
                    case "before" -> isBefore = true;
                    case "calls" -> isBefore = false;
                    case "change" -> changes.add(new Change(rest, "", "", ""));
                    case "from" -> changes.set(changes.size() - 1, new Change(last.title, rest, "", ""));
                    case "to" -> changes.set(changes.size() - 1, new Change(last.title, last.from, rest, ""));
                    case "error" -> changes.set(changes.size() - 1, new Change(last.title, last.from, last.to, rest));
                    default -> {
                        if (isBefore && line.startsWith("  ")) {
                            before.append(line.substring(2)).append('\n');
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ChangeTable(before.toString(), changes);
    }
}
