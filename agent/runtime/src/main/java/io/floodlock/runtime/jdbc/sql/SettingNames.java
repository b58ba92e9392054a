package io.floodlock.runtime.jdbc.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of customized settings ({@code app.tenant}) that this JVM's statements set or read. PostgreSQL lists no such
 * setting in any view, so a comparison of two sessions must know the names to ask for. Thread-safe.
 */
public final class SettingNames {

    /** Stands for the name of a setting that is set, if the name is put together at run time. */
    public static final String SETS_UNNAMED = "?set";

    /** Stands for the name of a setting that is read, if the name is put together at run time. */
    public static final String READS_UNNAMED = "?read";

    /** More than any application has; texts that generate names must not fill the memory. */
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

    /** Whether a setting whose name can't be known may be both set and read. */
    public static boolean hasUnnamed(Set<String> names) {
        return names.contains(SETS_UNNAMED) && names.contains(READS_UNNAMED);
    }

    /** The names in a text, including those in literals and comments: a superfluous name costs nothing. */
    public static List<String> in(String text) {
        Stream<String> names = Stream.of(CALLED, SET)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1).toLowerCase(Locale.ROOT));
        Stream<String> unnamed = UNNAMED.matcher(text)
                .results()
                .map(found -> found.group(1).equalsIgnoreCase("set_config") ? SETS_UNNAMED : READS_UNNAMED);
        return Stream.concat(names, unnamed).distinct().toList();
    }

    /** The names in all texts so far; the same set object as long as no name is added. */
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
