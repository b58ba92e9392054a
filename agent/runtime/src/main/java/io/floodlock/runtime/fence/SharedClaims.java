package io.floodlock.runtime.fence;

import io.floodlock.runtime.fence.ClaimState.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Makes the claims of one transaction that only read their rows in it: shared claims, and all claims of a transaction
 * that can't write. {@link FencedTransaction} calls it, and explains when and why. One thread at a time.
 */
final class SharedClaims {

    private final FencedDatabase database;
    private final Connection connection;
    private final ClaimSet claims;
    private final ExclusiveClaims exclusive;
    private final FenceRefusals refusals;

    SharedClaims(
            FencedDatabase database,
            Connection connection,
            ClaimSet claims,
            ExclusiveClaims exclusive,
            FenceRefusals refusals) {
        this.database = database;
        this.connection = connection;
        this.claims = claims;
        this.exclusive = exclusive;
        this.refusals = refusals;
    }

    /** Locks the row of the read phase shared. If the stored row is older, the row is written first. */
    void check(ClaimState part, boolean worked) throws SQLException {
        boolean known = database.knows(part.row);
        if (!known) {
            raiseFirst(part, worked);
            database.committed(part.row);
        }
        FenceRow stored = lockShared(part);
        if (stored == null && known) {
            database.forget(part.row);
            raiseFirst(part, worked);
            database.committed(part.row);
            stored = lockShared(part);
        }
        if (stored == null && database.dialect().keepsSnapshot(connection)) {
            // the row exists, and the transaction's snapshot is too old to show it
            throw refusals.stale(part, null);
        }
        if (stored == null || !stored.equals(part.row)) {
            throw refusals.refused(List.of(part));
        }
        exclusive.requireFresh(part, worked);
        claims.become(part, Phase.CHECKED);
    }

    private FenceRow lockShared(ClaimState part) throws SQLException {
        long start = System.nanoTime();
        try {
            return database.dialect().read(connection, database.table(), part.row.name(), true, part.claim.left());
        } catch (SQLException e) {
            if (database.dialect().isBlocked(e)) {
                throw refusals.blocked(part, null, e);
            }
            if (database.dialect().isOlder(e)) {
                throw refusals.stale(part, e);
            }
            throw e;
        } finally {
            part.claim.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Writes the row in a transaction that ends at once, so that the other members needn't wait for this one. */
    private void raiseFirst(ClaimState part, boolean worked) throws SQLException {
        if (claims.empty(worked) && endsHere()) {
            exclusive.raise(List.of(part), true);
            connection.commit();
            return;
        }
        raiseBeside(part);
    }

    /**
     * Whether the transaction, which is empty, can be committed here. One of a transaction manager can't. No round
     * trip.
     */
    private boolean endsHere() {
        try {
            connection.commit();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Writes the row over another connection. The row is read first, because a write would wait for others that have it
     * locked. It is not read in the claiming transaction, which would then have an older snapshot.
     */
    private void raiseBeside(ClaimState part) throws SQLException {
        long start = System.nanoTime();
        try (Connection own = database.open()) {
            own.setAutoCommit(true);
            if (part.row.equals(
                    database.dialect().read(own, database.table(), part.row.name(), false, Duration.ZERO))) {
                return;
            }
            own.setAutoCommit(false);
            boolean written = database.dialect().raise(own, database.table(), List.of(part.row), part.claim.left());
            own.commit();
            if (!written) {
                throw refusals.refused(List.of(part));
            }
        } catch (SQLException e) {
            if (database.dialect().isBlocked(e)) {
                throw refusals.blocked(part, null, e);
            }
            throw e;
        } finally {
            part.claim.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** In a transaction that can't write: checks that the row is not that of a later holder. */
    void look(ClaimState part) throws SQLException {
        if (database.writable() && !database.knows(part.row) && !claims.heldBeside(part)) {
            raiseBeside(part);
            database.committed(part.row);
        }
        FenceRow stored = database.exists()
                ? database.dialect().read(connection, database.table(), part.row.name(), false, Duration.ZERO)
                : null;
        if (stored != null && part.row.isStale(stored)) {
            throw refusals.refused(List.of(part));
        }
        claims.become(part, Phase.READ);
    }
}
