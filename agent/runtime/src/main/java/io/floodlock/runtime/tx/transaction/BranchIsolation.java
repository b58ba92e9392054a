package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CallerFrame;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.tx.database.Database;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The isolation level of a branch. All handles of the branch share one transaction of the database, so the level can
 * rise before the first statement and never later. A level that is not above the present one is granted already.
 * {@link BranchWork} calls it. Belongs to the transaction's thread.
 */
final class BranchIsolation {

    /** The class of SQL states for a call that comes too early or too late in its transaction (ISO 9075-2, 24.1). */
    private static final String INVALID_TRANSACTION_STATE = "25";

    private final Transaction transaction;
    private final Database database;
    private final TrackedConnection first;
    private final BranchLog log;
    private int level = Connection.TRANSACTION_NONE;

    BranchIsolation(Transaction transaction, Database database, TrackedConnection first, BranchLog log) {
        this.transaction = transaction;
        this.database = database;
        this.first = first;
        this.log = log;
    }

    /** Whether the requested level is above the present one; throws if the branch can't rise to it any more. */
    boolean isBelow(int requested) throws SQLException {
        if (level == Connection.TRANSACTION_NONE) {
            DriverCallDepth.enter();
            try {
                level = first.raw().getTransactionIsolation();
            } finally {
                DriverCallDepth.leave();
            }
        }
        if (requested <= level) {
            return false;
        }
        if (log.statements() > 0) {
            throw tooLate(requested, "has run " + log.statements() + " statements of this", null);
        }
        return true;
    }

    /** Sets the level; throws if what counts as no statement, as a savepoint, has begun the transaction already. */
    void raise(int requested) throws SQLException {
        DriverCallDepth.enter();
        try {
            first.raw().setTransactionIsolation(requested);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(INVALID_TRANSACTION_STATE)) {
                throw tooLate(requested, "has begun this", e);
            }
            throw e;
        } finally {
            DriverCallDepth.leave();
        }
        level = requested;
    }

    private FloodlockFailure tooLate(int requested, String has, SQLException cause) {
        return Failure.ILLEGAL_TRANSACTION.because(
                transaction.site() + ": isolation level " + requested + " was requested at "
                        + CallerFrame.outsideAgent()
                        + " for a connection to " + database.name() + ", which " + has + " transaction at level "
                        + level + " since its first use at " + first.site()
                        + "; set the strongest level before the first statement",
                cause);
    }
}
