package io.floodlock.runtime.fence;

import io.floodlock.runtime.fence.ClaimState.Phase;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.sql.Sql;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The claims of one transaction on one physical connection, for the fenced scopes that it works in. It guarantees that
 * a holder whose key has passed to a later holder commits nothing more in this database, and that the later holder sees
 * what the earlier one has committed. Connections call it through {@link FencePart} before statements, savepoints and
 * the end of the transaction. The comment below has the reasons and the states. One thread at a time.
 */
final class FencedTransaction implements FencePart {

    /*
     * Why claims come before the first statement, and why the row stays locked. Suppose that the lease of holder A has
     * ended, that A still has a transaction open in which it has written, and that B now has the lock. If A were
     * checked only when it commits, B could read, before that commit, what A is about to change, and both would write.
     * So each of them claims before its first statement. Either B's claim waits for A's transaction, and B reads what A
     * has left; or B was first, and A's claim finds a greater token.
     *
     * A ClaimState is one claim in one transaction. T is this transaction. "Another" is another transaction of the same
     * holder, which has the same token and owner.
     *
     *   ABSENT    T has no lock on the row. T must claim before its next statement or its commit.
     *   HELD      T has written the row and keeps it locked until T ends.
     *   BESIDE    another has the row HELD in the same database, so T works without it. T's claim would wait for the
     *             other, which may be waiting for T (a REQUIRES_NEW transaction, an id generator). No other holder can
     *             claim while the other is open.
     *   CHECKED   (shared) the row is that of the read phase, and T has it locked against writers.
     *   READ      T can't write, so it can't lock either. When T read the row, it was not that of a later holder.
     *             Before that, except on a replica, the row was written over another connection, to wait for the
     *             previous holder. As T has no lock, others may write what T reads.
     *
     *   ABSENT -> HELD        the claim was accepted
     *   ABSENT -> BESIDE      another has the row; if another is about to get it, T waits for the outcome
     *   ABSENT -> CHECKED     T found the row of its read phase, and locked it shared
     *   ABSENT -> READ        T read the row, and it was not that of a later holder
     *   BESIDE -> ABSENT      the other ended before T; T notices that at its next statement and at its commit
     *   HELD, CHECKED, READ   T was rolled back to a savepoint before the claim; or a statement may have committed T;
     *          -> ABSENT      or a statement or claim failed where that may have ended T (a deadlock on MariaDB). T
     *                         claims again, which an equal row permits. The same at the commit of a connection that
     *                         was given away: work that bypassed its handle may have ended T and begun another
     *                         transaction in its place
     *   any    -> gone        T ended
     *   ABSENT -> gone        the table was dropped: T is rolled back, and the next claim creates the table
     *   ABSENT -> refused     T is rolled back. If the lease stands, Redis has lost its count of tokens, and the count
     *                         continues above the token of the stored row
     *
     * Two threads of one scope. While T is being committed BESIDE the row of another, the other must not give the row
     * up: its commit waits for T's. T regards the row as given up as soon as the end of the other has begun. Neither
     * waits for this in the database.
     *
     * Shared claims. The members of a read phase have one token and owner in common. If a member wrote the row in its
     * own transaction, its lock on the row would keep the others from checking theirs. So the first member that finds
     * an older row writes it in a separate transaction, which ends at once. Then all members lock the row shared, and
     * an exclusive claim waits for their transactions. The separate transaction is T itself if T has done nothing yet
     * and can be committed here; otherwise it uses another connection.
     *
     * Snapshots. Where T reads everything as of its first read (REPEATABLE READ), a later claim does not let T see what
     * the previous holder has written. T is then refused: it is rolled back, and the failure says why. If T had read
     * nothing, its snapshot is as of the claim or later. On PostgreSQL, however, a claim that had to wait finds its own
     * snapshot too old; then T is begun again, as nothing has been done in it. The same is done after a deadlock: on
     * MariaDB, transactions that wait for a row deadlock when the transaction that created the row rolls back. A claim
     * at the commit of unseen work compares no snapshots, because nobody knows what was read. In that case the claim
     * made when the driver's connection was given away has waited for the previous holder.
     */

    /** Longest wait for the work of another transaction of this JVM on a row, which takes a round trip or two. */
    private static final Duration BESIDE_PATIENCE = Duration.ofSeconds(10);

    private final Fence fence;
    private final FencedDatabase database;
    private final Connection connection;
    private final FenceRefusals refusals;
    private final ClaimSet parts;
    private final ExclusiveClaims exclusive;
    private final SharedClaims shared;

    private List<FenceClaim> seen = List.of();
    private boolean complete;

    FencedTransaction(Fence fence, FencedDatabase database, Connection connection) {
        this.fence = fence;
        this.database = database;
        this.connection = connection;
        this.refusals = new FenceRefusals(fence.events(), database, connection);
        this.parts = new ClaimSet(database, this);
        this.exclusive = new ExclusiveClaims(database, connection, parts, refusals);
        this.shared = new SharedClaims(database, connection, parts, exclusive, refusals);
    }

    @Override
    public void beforeRun(boolean worked) throws SQLException {
        List<FenceClaim> claims = fence.claims();
        if (claims == seen && complete) {
            return;
        }
        for (FenceClaim claim : claims) {
            meet(claim);
        }
        claimAll(worked);
        seen = claims;
        complete = !parts.any(Phase.BESIDE);
    }

    private void meet(FenceClaim claim) {
        if (!parts.has(claim)) {
            parts.add(new ClaimState(claim, fence.row(claim)));
        }
    }

    /**
     * Makes all ABSENT claims, in the order of their rows' names. Consecutive rows that are to be written share a
     * statement.
     */
    private void claimAll(boolean worked) throws SQLException {
        parts.leaveEndedBesides();
        if (!parts.any(Phase.ABSENT)) {
            return;
        }
        boolean claimed = false;
        DriverCallDepth.enter();
        try {
            claimAbsent(worked);
            claimed = true;
        } catch (SQLException e) {
            mayHaveEnded("", e);
            if (database.dialect().isTableGone(e)) {
                fence.tableGone(database);
                throw refusals.tableGone(parts.firstAbsent(), e);
            }
            throw e;
        } finally {
            DriverCallDepth.leave();
            if (!claimed) {
                parts.releaseAbsent();
            }
        }
    }

    private void claimAbsent(boolean worked) throws SQLException {
        List<ClaimState> together = new ArrayList<>(parts.size());
        boolean readOnly = !database.writable() || connection.isReadOnly();
        for (int i = 0; i < parts.size(); i++) {
            ClaimState part = parts.get(i);
            if (part.state != Phase.ABSENT) {
                continue;
            }
            if (readOnly) {
                shared.look(part);
            } else if (part.claim.mode() == LockMode.EXCLUSIVE) {
                if (take(part)) {
                    together.add(part);
                } else {
                    part.state = Phase.BESIDE;
                    part.fresh = true;
                }
            } else {
                exclusive.write(together, worked);
                shared.check(part, worked);
            }
        }
        exclusive.write(together, worked);
    }

    private boolean take(ClaimState part) {
        try {
            Boolean mine = database.take(part.row, this, part.claim.left().plus(BESIDE_PATIENCE));
            if (mine != null) {
                return mine;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw refusals.blocked(part, "another transaction of the same holder, which is not done with the row", null);
    }

    @Override
    public void afterRun(Sql sql, SQLException failure) {
        mayHaveEnded(sql.verb(), failure);
    }

    private void mayHaveEnded(String verb, SQLException failure) {
        if (database.dialect().mayEnd(verb, failure)) {
            undone(0);
        }
    }

    @Override
    public void unseen() {
        undone(0);
        for (FenceClaim claim : fence.claims()) {
            meet(claim);
        }
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).fresh = true;
        }
    }

    @Override
    public void savepoint(Savepoint set) {
        parts.savepoint(set);
    }

    @Override
    public void rolledBackTo(Savepoint savepoint) {
        undone(parts.claimedAt(savepoint));
    }

    /** @param after number of claims, counted from the first, that are not undone */
    private void undone(int after) {
        if (parts.undone(after)) {
            complete = false;
        }
    }

    @Override
    public void beforeCommit() throws SQLException {
        claimAll(true);
        for (int i = 0; i < parts.size(); i++) {
            ClaimState part = parts.get(i);
            if (part.state == Phase.BESIDE && !part.commitsBeside) {
                if (database.commitBeside(part.row, this)) {
                    part.commitsBeside = true;
                } else {
                    part.state = Phase.ABSENT;
                    claimAll(true);
                }
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).state == Phase.HELD) {
                awaitThoseBeside(parts.get(i));
            }
        }
    }

    private void awaitThoseBeside(ClaimState part) {
        try {
            database.ending(part.row, this, BESIDE_PATIENCE);
        } catch (InterruptedException e) {
            // the commit must go on; the transactions beside it fail or commit by themselves
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void ended(boolean committed) {
        parts.ended(committed);
        seen = List.of();
        complete = false;
    }

    @Override
    public boolean known() {
        for (FenceClaim claim : fence.claims()) {
            FenceRow row = fence.row(claim);
            if (!database.knows(row) && !database.held(row, this)) {
                return false;
            }
        }
        return true;
    }
}
