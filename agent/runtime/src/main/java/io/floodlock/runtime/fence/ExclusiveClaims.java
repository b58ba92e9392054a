package io.floodlock.runtime.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the exclusive claims of one transaction, which write their rows in that transaction. {@link FencedTransaction}
 * calls it, and explains when and why. One thread at a time.
 */
final class ExclusiveClaims {

    private final FencedDatabase database;
    private final Connection connection;
    private final ClaimSet claims;
    private final FenceRefusals refusals;

    ExclusiveClaims(FencedDatabase database, Connection connection, ClaimSet claims, FenceRefusals refusals) {
        this.database = database;
        this.connection = connection;
        this.claims = claims;
        this.refusals = refusals;
    }

    /** Writes the rows of these claims in one statement, marks the claims HELD and empties the list. */
    void write(List<ClaimState> together, boolean worked) throws SQLException {
        if (together.isEmpty()) {
            return;
        }
        raise(together, claims.empty(worked));
        for (ClaimState part : together) {
            requireFresh(part, worked);
            claims.hold(part);
        }
        together.clear();
    }

    /**
     * Writes the rows of these claims and waits, within the scopes' wait times, for transactions of earlier holders. A
     * claim that failed because of its snapshot or a deadlock is repeated in a new transaction if this one is empty.
     *
     * @param empty whether the transaction is empty, so that it can be begun again unnoticed
     */
    void raise(List<ClaimState> together, boolean empty) throws SQLException {
        List<FenceRow> rows = rows(together);
        while (true) {
            long start = System.nanoTime();
            try {
                if (!database.dialect().raise(connection, database.table(), rows, left(together))) {
                    throw refusals.refused(together);
                }
                return;
            } catch (SQLException e) {
                if (database.dialect().isBlocked(e)) {
                    throw refusals.blocked(together.get(0), null, e);
                }
                boolean older = database.dialect().isOlder(e);
                if (older && !empty) {
                    throw refusals.stale(together.get(0), e);
                }
                if (!older && !(empty && database.dialect().isDeadlock(e))) {
                    throw e;
                }
                if (left(together).isZero()) {
                    throw refusals.blocked(together.get(0), null, e);
                }
                beginAnew(together.get(0), e, older);
            } finally {
                together.get(0).claim.waited(Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    private void beginAnew(ClaimState first, SQLException because, boolean older) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // a transaction manager owns the transaction, and only it can roll back
            because.addSuppressed(e);
            if (older) {
                throw refusals.stale(first, because);
            }
            throw because;
        }
    }

    private static List<FenceRow> rows(List<ClaimState> together) {
        if (together.size() == 1) {
            return List.of(together.get(0).row);
        }
        List<FenceRow> rows = new ArrayList<>(together.size());
        for (ClaimState part : together) {
            rows.add(part.row);
        }
        return rows;
    }

    private static Duration left(List<ClaimState> together) {
        Duration least = together.get(0).claim.left();
        for (ClaimState part : together) {
            Duration left = part.claim.left();
            if (left.compareTo(least) < 0) {
                least = left;
            }
        }
        return least;
    }

    /** Refuses a transaction whose snapshot hides the work of the previous holder. */
    void requireFresh(ClaimState part, boolean worked) throws SQLException {
        if (!part.fresh && worked && database.dialect().keepsSnapshot(connection)) {
            throw refusals.stale(part, null);
        }
        part.fresh = true;
    }
}
