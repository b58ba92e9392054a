package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Decides from an error that a driver throws at the end of a transaction whether the transaction was rolled back.
 * Thread-safe.
 *
 * <pre>
 * the server answered COMMIT with an error, and went on serving the connection     rolled back, with the server's text
 * the driver reports that the server answered COMMIT with ROLLBACK (25P02)         rolled back
 * an error of the server, followed by the end of the connection (FATAL)            unknown
 * classes 08, 58, XX, states 57P.. and 40003                                       unknown
 * no answer from the server                                                        unknown
 * </pre>
 *
 * <p>PostgreSQL raises no error between its commit record and the reply: a failure there ends the whole server process,
 * and the connection with it. So an error after which the connection still answers was raised before that record,
 * whatever its state is: constraints, triggers and functions choose their own states. A FATAL error is not certain,
 * because a connection pooler in between also sends it when it loses the server behind it. The same holds for the
 * classes above: poolers, and other products that speak PostgreSQL's protocol, send them for a commit whose outcome
 * they don't know. {@link MariaDbCommit} does the same for MariaDB.
 */
public final class CommitFailure {

    private CommitFailure() {}

    /** Whether it is certain that nothing of the transaction is committed, now or later. */
    public static boolean isRolledBack(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.length() != 5 || state.equals("40003") || connectionLost(e)) {
            return false;
        }
        String category = state.substring(0, 2);
        if (!fromPostgres(e)) {
            // a constraint checked at the end, a transaction that had failed before, a serialization failure or
            // deadlock
            return category.equals("23") || category.equals("25") || category.equals("40");
        }
        return switch (category) {
            case "00", "01", "02", "08", "58", "XX" -> false;
            case "57" -> !state.startsWith("57P");
            default -> true;
        };
    }

    /**
     * The same, where the connection itself may be asked. MariaDB's errors need that, because they don't show whether
     * the server or the driver raised them.
     *
     * @param on the connection that was to commit; must not be used meanwhile
     */
    public static boolean isRolledBack(SQLException e, Connection on) {
        return isRolledBack(e) || MariaDbCommit.isRolledBack(e, on);
    }

    /** The driver chains the loss of the connection to the error that the server had sent before. */
    private static boolean connectionLost(SQLException e) {
        for (SQLException next = e.getNextException(); next != null; next = next.getNextException()) {
            if (!fromPostgres(next)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fromPostgres(SQLException e) {
        return PoolGetters.get(e, "getServerErrorMessage") != null;
    }

    /** Name of the table whose constraint the server reports; null if it reports none. */
    public static String table(SQLException e) {
        Object message = PoolGetters.get(e, "getServerErrorMessage");
        return message == null ? null : PoolGetters.text(message, "getTable");
    }
}
