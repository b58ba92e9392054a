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

/** How a transaction ends whose claim is not accepted: it is rolled back, and told why and what helps. */
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
                "The lock '" + late.claim.name() + "' taken at " + late.claim.site() + " has token "
                        + late.row.token() + ", and database " + database.name()
                        + (stored == null
                                ? " takes none as old as that."
                                : " has seen a later holder's, " + stored.token() + ".")
                        + " The transaction is rolled back. "
                        + (stands
                                ? "Redis has lost its count of tokens, which now goes on above that: try again."
                                : "The lease had ended, so another has taken the lock: try again."));
    }

    /** Who worked last is not known any more, so that T may not go on; those that come after can. */
    FloodlockFailure tableGone(ClaimState part, SQLException cause) {
        rollBack();
        return Failure.STALE_LOCK.because(
                "The lock '" + part.claim.name() + "' taken at " + part.claim.site()
                        + " can't be claimed, as table " + database.table() + " of database " + database.name()
                        + " was dropped. The transaction is rolled back. Try again: the table is created anew, where"
                        + " the role may.",
                cause);
    }

    FloodlockFailure stale(ClaimState part, SQLException cause) {
        rollBack();
        return Failure.STALE_SNAPSHOT.because(
                "The lock '" + part.claim.name() + "' was taken at " + part.claim.site()
                        + " within a transaction on database "
                        + database.name()
                        + " that had read before and whose isolation level keeps it from seeing what was"
                        + " committed since. It is rolled back. Take the lock before the transaction's first"
                        + " statement, or use READ COMMITTED.",
                cause);
    }

    /** Where a transaction manager does so, the connection refuses, and is aborted when the refusal has been told. */
    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("A transaction whose claim was refused is not ours to roll back", e);
        }
    }

    /** @param who where it is known already */
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
                        + " and was not over within what was left of waitTime: "
                        + (blockers == null ? "whose it is can't be seen" : blockers)
                        + ". The transaction that waited is rolled back. If that holder will never end it, end its"
                        + " session; idle_in_transaction_session_timeout (PostgreSQL) or idle_transaction_timeout"
                        + " (MariaDB) does so.",
                cause);
    }
}
