package io.floodlock.runtime.jdbc.driver;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Decides from an error that MariaDB answers to COMMIT whether the transaction was rolled back. Thread-safe.
 *
 * <pre>
 * an error of the server, and the session goes on: read-only mode, a backup's lock, deadlock       rolled back
 * the session or statement is ended (class 70): a KILL may strike after the commit                 unknown
 * errors of the commit itself or of the binary log (1180, 1026, 1598)                              unknown
 * class 08, a client's own code, a session that no longer answers                                  unknown
 * </pre>
 *
 * <p>MariaDB checks its read-only mode, and acquires the lock that backups hold, before it commits in any engine. It
 * rolls back if one of them fails. The driver throws the exception classes of {@code java.sql}, so only the connection
 * shows whether the error is the server's.
 */
final class MariaDbCommit {

    private static final int PATIENCE_SECONDS = 2;

    /** After these errors an engine, or a replica by the binary log, may have the transaction. */
    private static final Set<Integer> HALF_DONE = Set.of(1180, 1026, 1598);

    private MariaDbCommit() {}

    static boolean isRolledBack(SQLException e, Connection on) {
        int code = e.getErrorCode();
        String state = e.getSQLState();
        boolean servers = code >= 1000 && code < 2000 || code >= 3000 && code < 5000;
        if (!servers || HALF_DONE.contains(code) || state == null || state.startsWith("08") || state.startsWith("70")) {
            return false;
        }
        try {
            return "MariaDB".equals(on.getMetaData().getDatabaseProductName()) && on.isValid(PATIENCE_SECONDS);
        } catch (SQLException | RuntimeException broken) {
            return false;
        }
    }
}
