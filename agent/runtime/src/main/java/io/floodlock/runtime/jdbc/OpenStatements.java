package io.floodlock.runtime.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The driver's statements that a handle has made in a transaction and that are open. A handle's close closes them, as
 * that of a connection does, though the connection below stays open. As safe for threads as the connection.
 */
final class OpenStatements {

    private final List<Statement> open = new ArrayList<>(2);

    void add(Statement statement) {
        open.add(statement);
    }

    /** Looks at the latest first: who closes what it opens finds it there. */
    void remove(Statement statement) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i) == statement) {
                open.remove(i);
                return;
            }
        }
    }

    /** All are closed; the first failure is thrown. */
    void close() throws SQLException {
        SQLException failure = null;
        for (Statement statement : open) {
            try {
                statement.close();
            } catch (SQLException e) {
                failure = failure == null ? e : failure;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
