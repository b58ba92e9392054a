package io.floodlock.runtime.tx.dialect;

import java.sql.SQLException;

/**
 * The conditions under which PostgreSQL may prepare a branch or insert a decision. Each is checked by the server
 * itself, in the same message as the step, and raises an error if it does not hold; so the step is not taken.
 * {@link PostgresTxDialect} sends them, {@link PostgresRollbackReasons} explains the errors.
 *
 * <pre>
 * PREPARE    the transaction still has its mark, if it was marked
 *            its role is recovery's, unless recovery may finish the branches of every role
 * decision   the transaction still has its mark, if it was marked
 *            the decision table is still the one whose facts were read
 *            the transaction is younger than an hour
 * </pre>
 */
final class PostgresGuards {

    /*
     * The conditions of PREPARE and of the decision raise errors. If a failed condition only inserted 0 rows, the
     * COMMIT behind it would commit the application's work without a decision. The error is that of a text which is no
     * number, as only that error can contain a text of ours: an error that a constraint or trigger raises in the same
     * message is not mistaken for it. The text must not be a constant, as PostgreSQL would compute a constant's value
     * before it checks the condition.
     */
    private static final String NOT_MARKED = "floodlock: another transaction";

    private static final String TOO_OLD = "floodlock: older than an hour";
    private static final String OTHER_TABLE = "floodlock: another table";
    private static final String OTHER_ROLE = "floodlock: role ";

    /**
     * A transaction is too old if its tombstone may have been deleted. The settings make sure that a host that vanishes
     * can't keep others from inserting a tombstone, and that a session set to be fast can't lose the decision.
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

    /** The condition that the transaction's role is recovery's; empty where recovery may finish everything. */
    static String unlessRoleOf(RecoveryRole recoverer) {
        return recoverer.superuser()
                ? ""
                : " WHEN current_user <> " + recoverer.literal() + " THEN " + refusal(OTHER_ROLE);
    }

    /**
     * The statement of {@link PostgresTxDialect#decide} where no mark must be checked. Its text is the same each time,
     * so that a driver need not parse it again.
     *
     * @param file where the server keeps the table; a table that was dropped, emptied or restored meanwhile has another
     *     one
     */
    static String decision(String table, long file) {
        return String.format(DECIDE, table, table.replace("'", "''"), file, "");
    }

    /** The condition that failed. */
    enum Guard {
        ANOTHER_TRANSACTION,
        TOO_OLD,
        ANOTHER_TABLE,
        ANOTHER_ROLE,
        /** None of them: the application's work caused the error. */
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

    /** The role that the transaction had, from the error of {@link Guard#ANOTHER_ROLE}. */
    static String otherRole(SQLException e) {
        String message = e.getMessage();
        int begin = message.indexOf(OTHER_ROLE) + OTHER_ROLE.length();
        int end = message.indexOf('"', begin);
        return message.substring(begin, end < 0 ? message.length() : end);
    }
}
