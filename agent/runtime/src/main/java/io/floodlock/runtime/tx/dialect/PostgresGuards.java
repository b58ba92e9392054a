package io.floodlock.runtime.tx.dialect;

import java.sql.SQLException;

/**
 * The conditions that PostgreSQL checks as it prepares or decides, in the same message, and the errors that they raise.
 */
final class PostgresGuards {

    /*
     * Conditions of PREPARE and of the decision raise errors: with 0 rows the COMMIT behind it would commit the
     * application's work without a decision. The error is that of a text which is no number, as only it can hold a text
     * of ours: nothing that a constraint or trigger raises in the same message is taken for it. The text must not be a
     * constant, as PostgreSQL would compute a constant's value before it looks at the condition.
     */
    private static final String NOT_MARKED = "floodlock: another transaction";

    private static final String TOO_OLD = "floodlock: older than an hour";
    private static final String OTHER_TABLE = "floodlock: another table";
    private static final String OTHER_ROLE = "floodlock: role ";

    /**
     * Too old is a transaction whose tombstone may be gone. A host that vanishes must not keep others from setting a
     * tombstone, nor may a session's wish for speed lose the decision.
     */
    private static final String DECIDE = "INSERT INTO %1$s (gid, state, branches, at, format) VALUES (?, 'C', ?,"
            + " clock_timestamp(), CASE WHEN pg_relation_filenode('%2$s') <> %3$d THEN " + refusal(OTHER_TABLE)
            + " WHEN clock_timestamp() - now() >= interval '1 hour' THEN " + refusal(TOO_OLD)
            + "%4$s ELSE 1 END"
            + " + 0 * length(set_config('idle_in_transaction_session_timeout', '10s', true)"
            + " || set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
            + " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true))); COMMIT";

    private static String refusal(String words) {
        return "('" + words + "' || current_user)::int";
    }

    static String unlessMarked(String mark) {
        return mark == null
                ? ""
                : " WHEN current_setting('floodlock.gid', true) IS DISTINCT FROM '" + mark + "' THEN "
                        + refusal(NOT_MARKED);
    }

    private PostgresGuards() {}

    /** Of one that another role runs than the one that recovery has; empty where that one may finish everything. */
    static String unlessRoleOf(RecoveryRole recoverer) {
        return recoverer.superuser()
                ? ""
                : " WHEN current_user <> " + recoverer.literal() + " THEN " + refusal(OTHER_ROLE);
    }

    /**
     * What {@link PostgresTxDialect#decide} says where no mark is to be checked; the same text each time, which a
     * driver need not parse again.
     *
     * @param file where the server keeps the table; one that was dropped, emptied or restored meanwhile has another
     */
    static String decision(String table, long file) {
        return String.format(DECIDE, table, table.replace("'", "''"), file, "");
    }

    /** What made one of the conditions fail. */
    enum Guard {
        ANOTHER_TRANSACTION,
        TOO_OLD,
        ANOTHER_TABLE,
        ANOTHER_ROLE,
        /** None of them: the error is the application's. */
        NONE
    }

    static Guard guard(SQLException e) {
        String message = "22P02".equals(e.getSQLState()) ? e.getMessage() : "";
        return message.contains(NOT_MARKED)
                ? Guard.ANOTHER_TRANSACTION
                : message.contains(TOO_OLD)
                        ? Guard.TOO_OLD
                        : message.contains(OTHER_TABLE)
                                ? Guard.ANOTHER_TABLE
                                : message.contains(OTHER_ROLE) ? Guard.ANOTHER_ROLE : Guard.NONE;
    }

    /** The role that the transaction had, of an error that is {@link Guard#ANOTHER_ROLE}. */
    static String otherRole(SQLException e) {
        String message = e.getMessage();
        int begin = message.indexOf(OTHER_ROLE) + OTHER_ROLE.length();
        int end = message.indexOf('"', begin);
        return message.substring(begin, end < 0 ? message.length() : end);
    }
}
