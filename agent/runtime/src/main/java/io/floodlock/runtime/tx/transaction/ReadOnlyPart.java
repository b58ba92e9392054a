package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import io.floodlock.runtime.tx.dialect.SessionDialect;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Runs the statements of a handle that is set read-only, on a branch through which other handles may write. The server
 * itself refuses writes, also those of functions, EXPLAIN ANALYZE and SELECT INTO. For that, such statements run in a
 * read-only subtransaction. It ends before the first statement of another kind, which may then write again.
 * {@link BranchWork} calls it. Belongs to the branch's thread.
 *
 * <pre>
 * SAVEPOINT floodlock_read; SET TRANSACTION READ ONLY  before the first read-only statement, in one message
 * RELEASE SAVEPOINT floodlock_read                     before a statement that may write, a savepoint, a claim, the end
 * </pre>
 *
 * <p>A savepoint of the application is never inside, as it would end with the subtransaction. Once a statement has
 * failed, only a rollback to a savepoint of the application helps, which ends the subtransaction too.
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

    /** Ends the subtransaction; from now on the branch may write. */
    void leave() throws SQLException {
        if (inside) {
            run(dialect::allowWrites);
            inside = false;
        }
    }

    /** A rollback to an earlier point has ended the subtransaction. */
    void undone() {
        inside = false;
    }

    /** Called before the branch ends. A transaction that an error has doomed is left to another check. */
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
