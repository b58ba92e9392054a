package io.floodlock.runtime.jdbc.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of customized settings ({@code app.tenant}) that this JVM's statements set or read. PostgreSQL lists no such
 * setting in any view, so that whoever compares two sessions must know the names to ask for. Thread-safe.
 */
public final class SettingNames {

    /** In place of a name: settings are set, or read, whose names are put together at run time. */
    public static final String SETS_UNNAMED = "?set";

    public static final String READS_UNNAMED = "?read";

    /** More than any application has; a text that makes up names must not fill the memory. */
    private static final int REMEMBERED = 1000;

    private static final String NAME = "([a-z_][\\w$]*(?:\\.[a-z_][\\w$]*)+)";

    private static final Pattern CALLED =
            Pattern.compile("(?:set_config|current_setting)\\s*\\(\\s*'" + NAME + "'", Pattern.CASE_INSENSITIVE);

    private static final Pattern SET =
            Pattern.compile("\\b(?:set|show)\\s+(?:session\\s+|local\\s+)?" + NAME, Pattern.CASE_INSENSITIVE);

    private static final Pattern UNNAMED = Pattern.compile(
            "(set_config|current_setting)\\s*\\(\\s*(?:'[^']*'\\s*\\|\\||[^'\\s])", Pattern.CASE_INSENSITIVE);

    private static volatile Set<String> seen = Set.of();

    private SettingNames() {}

    /** Whether a setting may be set and read of whose name nothing can be known. */
    public static boolean hasUnnamed(Set<String> names) {
        return names.contains(SETS_UNNAMED) && names.contains(READS_UNNAMED);
    }

    /** Those that stand in a text, literals and comments included: one too many costs nothing. */
    public static List<String> in(String text) {
        Stream<String> names = Stream.of(CALLED, SET)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1).toLowerCase(Locale.ROOT));
        Stream<String> unnamed = UNNAMED.matcher(text)
                .results()
                .map(found -> found.group(1).equalsIgnoreCase("set_config") ? SETS_UNNAMED : READS_UNNAMED);
        return Stream.concat(names, unnamed).distinct().toList();
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
