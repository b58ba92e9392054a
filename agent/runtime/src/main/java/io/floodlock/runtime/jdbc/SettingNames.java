package io.floodlock.runtime.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of customized settings ({@code app.tenant}) that this JVM's statements set or read. PostgreSQL lists no such setting
 * in any view, so that whoever compares two sessions must know the names to ask for. Thread-safe.
 */
public final class SettingNames {

    /** More than any application has; a text that makes up names must not fill the memory. */
    private static final int REMEMBERED = 1000;

    private static final String NAME = "([a-z_][\\w$]*(?:\\.[a-z_][\\w$]*)+)";

    private static final Pattern CALLED =
            Pattern.compile("(?:set_config|current_setting)\\s*\\(\\s*'" + NAME + "'", Pattern.CASE_INSENSITIVE);

    private static final Pattern SET =
            Pattern.compile("\\bset\\s+(?:session\\s+|local\\s+)?" + NAME, Pattern.CASE_INSENSITIVE);

    private static volatile Set<String> seen = Set.of();

    private SettingNames() {}

    /** Those that stand in a text, literals and comments included: one too many costs nothing. */
    public static List<String> in(String text) {
        return Stream.of(CALLED, SET)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** Those of all texts so far; the same set as long as there are no more. */
    public static Set<String> seen() {
        return seen;
    }

    static void seen(List<String> names) {
        if (!seen.containsAll(names)) {
            add(names);
        }
    }

    private static synchronized void add(List<String> names) {
        if (seen.size() < REMEMBERED) {
            Set<String> more = new HashSet<>(seen);
            more.addAll(names);
            seen = Set.copyOf(more);
        }
    }
}
