package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import io.floodlock.runtime.tx.dialect.SessionDialect;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements of a handle set read-only, on a branch that others may write through. The server itself refuses writes,
 * those of functions, EXPLAIN ANALYZE and SELECT INTO among them: such statements run in a subtransaction set
 * read-only, which ends, and gives the right to write back, before the first statement of another kind.
 *
 * <pre>
 * SAVEPOINT floodlock_read; SET TRANSACTION READ ONLY  before the first read-only statement, in one message
 * RELEASE SAVEPOINT floodlock_read                     before a statement that may write, a savepoint, a claim, the end
 * </pre>
 *
 * An application's savepoint never stands inside: it would end with the subtransaction. Once a statement has failed,
 * only a rollback to a savepoint of the application's helps, which ends the subtransaction too.
 */
final class ReadOnlyPart {

    private final Connection physical;
    private final SessionDialect dialect;
    private boolean inside;

    ReadOnlyPart(Connection physical, SessionDialect dialect) {
        this.physical = physical;
        this.dialect = dialect;
    }

    void beforeRun(boolean readOnly, Sql text) throws SQLException {
        if (!readOnly || text.savepoints()) {
            leave();
        } else if (!inside) {
            run(dialect::refuseWrites);
            inside = true;
        }
    }

    /** From here on the branch may write. */
    void leave() throws SQLException {
        if (inside) {
            run(dialect::allowWrites);
            inside = false;
        }
    }

    /** A rollback to what stood before it has ended it. */
    void undone() {
        inside = false;
    }

    /** Before the branch ends; another check finds one that an error has doomed. */
    void end() throws SQLException {
        try {
            leave();
        } catch (SQLException e) {
            if (!dialect.isDoomed(e)) {
                throw e;
            }
        }
    }

    private interface Step {
        void on(Connection physical) throws SQLException;
    }

    private void run(Step step) throws SQLException {
        DriverCallDepth.enter();
        try {
            step.on(physical);
        } finally {
            DriverCallDepth.leave();
        }
    }
}
