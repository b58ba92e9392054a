package io.floodlock.runtime.tx;

import io.floodlock.runtime.jdbc.Nesting;
import io.floodlock.runtime.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Statements of a handle set read-only, on a branch that others may write through. The server itself refuses writes, those of
 * functions, EXPLAIN ANALYZE and SELECT INTO among them: such statements run in a subtransaction set read-only, which ends, and
 * gives the right to write back, before the first statement of another kind.
 *
 * <pre>
 * SAVEPOINT floodlock_read; SET TRANSACTION READ ONLY      before the first read-only statement, in one message
 * RELEASE SAVEPOINT floodlock_read                         before a statement that may write, a savepoint, a claim, the end
 * </pre>
 *
 * An application's savepoint never stands inside: it would end with the subtransaction. Once a statement has failed, only a
 * rollback to a savepoint of the application's helps, which ends the subtransaction too.
 */
final class ReadOnlyPart {

    private static final String ABORTED = "25P02";

    private final Connection physical;
    private boolean inside;

    ReadOnlyPart(Connection physical) {
        this.physical = physical;
    }

    void beforeRun(boolean readOnly, Sql text) throws SQLException {
        if (!readOnly || text.savepoints()) {
            leave();
        } else if (!inside) {
            run("SAVEPOINT floodlock_read; SET TRANSACTION READ ONLY");
            inside = true;
        }
    }

    /** From here on the branch may write. */
    void leave() throws SQLException {
        if (inside) {
            run("RELEASE SAVEPOINT floodlock_read");
            inside = false;
        }
    }

    /** A rollback to what stood before it has ended it. */
    void undone() {
        inside = false;
    }

    /** Before the branch ends; one that an error has doomed is found out elsewhere. */
    void end() throws SQLException {
        try {
            leave();
        } catch (SQLException e) {
            if (!ABORTED.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    private void run(String sql) throws SQLException {
        Nesting.enter();
        try (Statement statement = physical.createStatement()) {
            statement.execute(sql);
        } finally {
            Nesting.leave();
        }
    }
}
