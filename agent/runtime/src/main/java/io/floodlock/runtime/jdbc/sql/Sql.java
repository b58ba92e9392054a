package io.floodlock.runtime.jdbc.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the text of a statement tells without asking the server. Errs on the safe side: what is not plainly harmless
 * counts as a write, and what can't be read for certain says so. Immutable.
 *
 * @param verb the first word, for messages; a text's literals never appear in them
 * @param plainRead nothing but SELECT or VALUES, with no lock and no function that is not known to be harmless
 * @param writes a statement that a read-only connection must refuse
 * @param ending the first word of the first statement that begins or ends a transaction; null if none does
 * @param commits one of its statements commits
 * @param setsTransaction nothing but SET TRANSACTION, which must come before all else in a transaction
 * @param unsure quotes or comments that can't be told apart, so that any statement may hide in it
 * @param savepoints one of its statements sets, releases or rolls back to a savepoint
 * @param session whether it changes the session that it runs in: a setting, the role, the search path
 * @param settings names of customized settings (those with a dot) that stand in it, in lower case
 */
public record Sql(
        String verb,
        boolean plainRead,
        boolean writes,
        String ending,
        boolean commits,
        boolean setsTransaction,
        boolean unsure,
        boolean savepoints,
        Session session,
        List<String> settings) {

    /** What a statement does to its session, its transaction's isolation and access mode included. */
    public enum Session {
        STAYS,
        /** It calls what can't be seen here, or can't be read for certain. */
        MAY_CHANGE,
        CHANGES;

        Session or(Session other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** Stands for a batch, whose texts were seen one by one. */
    public static final String BATCH = "SELECT";

    private static final int REMEMBERED = 4096;
    private static final int LONG = 2048;
    private static final Map<String, Sql> KNOWN = new ConcurrentHashMap<>();

    /** Whether one of its statements begins or ends a transaction. */
    public boolean endsTransaction() {
        return ending != null;
    }

    public static Sql of(String text) {
        Sql known = KNOWN.get(text);
        if (known == null) {
            known = new SqlScanner(text).scan();
            SettingNames.seen(known.settings());
            // texts with literals in them would fill any memory; beginning anew costs those who use parameters little
            if (KNOWN.size() >= REMEMBERED) {
                KNOWN.clear();
            }
            if (text.length() <= LONG) {
                KNOWN.put(text, known);
            }
        }
        return known;
    }
}
