package io.floodlock.runtime.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The open statements of the driver that a handle has created in a distributed transaction. Closing the handle closes
 * them, as closing a connection does, although the connection below stays open. As thread-safe as the connection.
 */
final class OpenStatements {

    private final List<Statement> open = new ArrayList<>(2);

    void add(Statement statement) {
        open.add(statement);
    }

    /** Searches from the latest backwards: callers usually close the statement that they opened last. */
    void remove(Statement statement) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i) == statement) {
                open.remove(i);
                return;
            }
        }
    }

    /** Closes all statements, then throws the first failure. */
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
