package io.floodlock.runtime.tx.dialect;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The text that describes a session: one line {@code name=value} for each part in which two sessions may differ such
 * that one statement has different effects, or gives different rows, in each. Code that lets one session stand in for
 * another compares two such texts. The database's {@link SessionDialect} reads them.
 */
public final class SessionState {

    /**
     * Stands in place of a name if a trigger, view, rule, default or policy may change the session, which no
     * statement's text shows.
     */
    static final String UNSEEN = "?unseen";

    private SessionState() {}

    /** Whether statements that look harmless may change the session. Then its state is known only after reading it. */
    public static boolean changesUnseen(Set<String> names) {
        return names.contains(UNSEEN);
    }

    /** The names of the parts that differ; no values, which may be secret. */
    public static String difference(String one, String other) {
        Map<String, String> left = entries(one);
        Map<String, String> right = entries(other);
        return String.join(", ", differing(left, right));
    }

    static Set<String> differing(Map<String, String> one, Map<String, String> other) {
        Set<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> Objects.equals(one.get(name), other.get(name)));
        return names;
    }

    static Map<String, String> entries(String state) {
        Map<String, String> entries = new TreeMap<>();
        for (String line : state.split("\n")) {
            int end = line.indexOf('=');
            if (end > 0) {
                entries.put(line.substring(0, end), line.substring(end + 1));
            }
        }
        return entries;
    }
}
