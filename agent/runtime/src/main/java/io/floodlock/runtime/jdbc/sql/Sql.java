package io.floodlock.runtime.jdbc.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The properties of a statement that its text shows without asking the server. It errs on the safe side: a statement
 * that is not plainly harmless counts as a write, and a text that can't be read for certain is marked as unsure.
 * Immutable. {@link SqlScanner} reads the text.
 *
 * @param verb the first word, for messages; literals of the text never appear in messages
 * @param plainRead the text has only SELECT or VALUES, with no lock and only functions known to be harmless
 * @param writes a read-only connection must refuse the statement
 * @param ending the first word of the first statement that begins or ends a transaction; null if none does
 * @param commits one of its statements commits
 * @param setsTransaction the text is only SET TRANSACTION, which must precede everything else in a transaction
 * @param unsure quotes or comments can't be told apart, so any statement may be hidden in the text
 * @param savepoints one of its statements sets, releases or rolls back to a savepoint
 * @param session whether it changes the session that it runs in: a setting, the role, the search path
 * @param settings names of customized settings (those with a dot) in the text, in lower case
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

    /** The effect of a statement on its session, including the isolation and access mode of its transaction. */
    public enum Session {
        STAYS,
        /** It calls code that is not visible here, or can't be read for certain. */
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

    /** Scans a text; the results of short texts are cached. */
    public static Sql of(String text) {
        Sql known = KNOWN.get(text);
        if (known == null) {
            known = new SqlScanner(text).scan();
            SettingNames.seen(known.settings());
            // texts with literals in them would fill any memory; clearing costs little where parameters are used
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
