package io.floodlock.examples.kit;

import java.util.LinkedHashMap;
import java.util.Map;

/** Figures by name, printed in two aligned columns. Not thread-safe. */
public final class Table {

    private final Map<String, String> rows = new LinkedHashMap<>();

    public Table row(String name, String format, Object... values) {
        rows.put(name, format.formatted(values));
        return this;
    }

    public void print() {
        int names = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        int values = rows.values().stream().mapToInt(String::length).max().orElse(0);
        rows.forEach((name, value) -> System.out.printf("  %-" + names + "s  %" + values + "s%n", name, value));
    }
}
