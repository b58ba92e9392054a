package io.floodlock.runtime.fence;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a transaction whose claim is not accepted: rolls it back and returns the failure, with cause and remedy, for the
 * caller to throw. One thread at a time.
 */
final class FenceRefusals {

    private static final Logger LOG = LoggerFactory.getLogger(FenceRefusals.class);

    private final Events events;
    private final FencedDatabase database;
    private final Connection connection;

    FenceRefusals(Events events, FencedDatabase database, Connection connection) {
        this.events = events;
        this.database = database;
        this.connection = connection;
    }

    FloodlockFailure refused(List<ClaimState> together) throws SQLException {
        rollBack();
        ClaimState late = together.get(0);
        FenceRow stored = null;
        for (ClaimState part : together) {
            FenceRow row = database.dialect().read(connection, database.table(), part.row.name(), false, Duration.ZERO);
            if (row != null && part.row.isStale(row)) {
                late = part;
                stored = row;
                break;
            }
        }
        rollBack();
        boolean stands = late.claim.outgrown(Math.max(late.row.token(), stored == null ? 0 : stored.token()));
        events.claimRefused(late.claim.name(), late.claim.site());
        return Failure.STALE_LOCK.because(
                "The lock '" + late.claim.name() + "' taken at " + late.claim.site() + " has fencing token "
                        + late.row.token() + ", but database " + database.name()
                        + (stored == null
                                ? " accepts no token as old as that."
                                : " already has token " + stored.token() + " of a later holder.")
                        + " The transaction is rolled back. "
                        + (stands
                                ? "Redis has lost its count of tokens, which now continues above that one: try again."
                                : "The lease had ended, and another holder has acquired the lock: try again."));
    }

    /** The last holder is no longer known without the table, so this transaction must not continue. Later ones can. */
    FloodlockFailure tableGone(ClaimState part, SQLException cause) {
        rollBack();
        return Failure.STALE_LOCK.because(
                "The lock '" + part.claim.name() + "' taken at " + part.claim.site()
                        + " can't be claimed because table " + database.table() + " of database " + database.name()
                        + " was dropped. The transaction is rolled back. Try again: the next claim creates the table if"
                        + " the role may create tables.",
                cause);
    }

    FloodlockFailure stale(ClaimState part, SQLException cause) {
        rollBack();
        return Failure.STALE_SNAPSHOT.because(
                "The lock '" + part.claim.name() + "' was taken at " + part.claim.site()
                        + " within a transaction on database "
                        + database.name()
                        + " that had already read data. Its isolation level hides what was committed since."
                        + " The transaction is rolled back. Take the lock before the transaction's first"
                        + " statement, or use READ COMMITTED.",
                cause);
    }

    /**
     * Where a transaction manager ends the transaction, the connection refuses to roll back. Such a connection is
     * aborted after the failure is reported.
     */
    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("The connection did not roll back the transaction whose claim was refused", e);
        }
    }

    /** @param who the blocking transaction where it is already known, else null */
    FloodlockFailure blocked(ClaimState part, String who, SQLException cause) {
        String blockers = who;
        try {
            connection.rollback();
            if (blockers == null) {
                blockers = database.dialect().blockers(connection, database.table(), part.row.name());
                connection.rollback();
            }
        } catch (SQLException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
        return Failure.LOCK_TIMEOUT.because(
                "The lock '" + part.claim.name() + "' was taken at " + part.claim.site()
                        + ", but a transaction of an earlier"
                        + " holder is still open in database " + database.name()
                        + " and did not end within the rest of waitTime: "
                        + (blockers == null ? "its session can't be determined" : blockers)
                        + ". The waiting transaction is rolled back. If that holder never ends its transaction, end its"
                        + " database session; idle_in_transaction_session_timeout (PostgreSQL) or"
                        + " idle_transaction_timeout (MariaDB) does so.",
                cause);
    }
}
