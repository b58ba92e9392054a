package io.floodlock.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the table of methods that the tests of the agent read too. */
final class MethodTable {

    private static final Path FILE = Path.of("src", "test", "resources", "queued-methods.txt");

    /**
     * One case.
     *
     * @param at the source text at which the error is reported; empty if the case is accepted
     * @param error a part of its message; empty if the case is accepted
     */
    record Case(String title, String type, String body, String at, String error) {

        String source() {
            return "package app; import io.floodlock.*; import java.math.*; import java.time.*; import java.util.*;"
                    + " import java.util.concurrent.*;\nclass " + type + " {\n" + body + "}\n";
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private MethodTable() {}

    static List<Case> read() {
        List<Case> cases = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(FILE)) {
                int last = cases.size() - 1;
                if (line.startsWith("case ")) {
                    cases.add(new Case(line.substring(5), "Case" + cases.size(), "", "", ""));
                } else if (line.startsWith("  ")) {
                    String body = line.replace("@Q ", "@Queued(queue = \"q\", name = \"n\") ");
                    Case at = cases.get(last);
                    cases.set(last, new Case(at.title, at.type, at.body + body + "\n", "", ""));
                } else if (line.startsWith("at ")) {
                    Case at = cases.get(last);
                    cases.set(last, new Case(at.title, at.type, at.body, line.substring(3), ""));
                } else if (line.startsWith("error ")) {
                    Case at = cases.get(last);
                    cases.set(last, new Case(at.title, at.type, at.body, at.at, line.substring(6)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }
}
