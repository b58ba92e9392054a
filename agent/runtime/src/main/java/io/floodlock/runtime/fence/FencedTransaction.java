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
 * What one transaction on one physical connection has claimed for the fenced scopes it works in. One thread at a time.
 */
final class FencedTransaction implements FencePart {

    /*
     * Why at the first statement, and why the row stays locked. A holder A whose lease has ended may have a transaction
     * open in which it has written, and B has the lock. Were A only checked when it commits, B could read before that
     * commit what A is about to change, and both write. So each claims before its first statement: B's claim waits for
     * A's transaction, and B reads what A has left; or B was first, and A's claim finds a greater token.
     *
     * A part is one claim in one transaction. With T this transaction, and "another" one of the same holder (token and
     * owner):
     *
     *   ABSENT    T has no lock on the row. Before T's next statement or its commit it must claim.
     *   HELD      T has written the row and has it locked, until it ends.
     *   BESIDE    another has it HELD in the same database, so T works without: its claim would wait for the other,
     *             which may be waiting for T (a REQUIRES_NEW, an id generator). No other holder gets in as long as the
     *             other is open.
     *   CHECKED   (shared) the row is that of the read phase, and T has it locked against writers.
     *   READ      T can't write, so neither can it lock: the row was not a later one's when it was read. It was written
     *             before that over another connection, to wait for the holder before: what T reads may be what others
     *             will write.
     *
     *   ABSENT -> HELD       claim accepted
     *   ABSENT -> BESIDE     another has it; if another is about to get it, T waits for how that ends
     *   BESIDE -> ABSENT     the other has ended before T: seen at T's next statement, and at its commit
     *   HELD   -> ABSENT     rollback to a savepoint before the claim; a statement that may have committed; a statement
     *                        or claim that failed where that may have ended T (a deadlock on MariaDB): claimed anew,
     *                        which an equal row lets
     *   any    -> ABSENT     at the commit of a connection that was given away: what ran past its handle may have ended
     *                        T, and begun another in its place
     *   any    -> gone       T ended
     *   ABSENT -> gone       the table was dropped: T is rolled back, and the next claim creates it
     *   ABSENT -> refused    T is rolled back. If the lease stands, Redis has lost its count, which goes on above what
     *                        the row has
     *
     * Two threads of one scope. While T is being committed BESIDE the other's row, the other may not give the row up:
     * its commit waits for T's. And T finds the row given up as soon as the other's end has begun. Neither waits in the
     * database for that.
     *
     * Shared. Members of a read phase have one token and owner. A member's lock on the row would not let others check
     * theirs, if it wrote the row: so the first to find an older row writes it in a transaction of its own, which ends
     * at once, and then all lock the row shared. An exclusive claim waits for their transactions. The transaction of
     * its own is this one, still empty, where T has done nothing yet and is ours to commit; else it goes over another
     * connection.
     *
     * Snapshots. Where T reads all it reads from the time of its first read (REPEATABLE READ), a claim that comes later
     * does not make it see what the holder before has written. T is refused then: rolled back and told so. Where T had
     * not read, its snapshot is that of the claim or later; and on PostgreSQL, a claim that had to wait finds its own
     * snapshot too old: it is begun anew, as nothing has been done in T. So it is where a deadlock was found, which on
     * MariaDB those are in who wait for a row whose maker rolls back. A claim at the commit of what ran unseen compares
     * no snapshots, as nobody knows what was read. There was a claim where the driver's connection was given away,
     * which has waited for the holder before.
     */

    /** For what this JVM's own transactions do with a row, which takes a round trip or two. */
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
        List<FenceClaim> wanted = fence.claims();
        if (wanted == seen && complete) {
            return;
        }
        for (FenceClaim claim : wanted) {
            meet(claim);
        }
        claimAll(worked);
        seen = wanted;
        complete = !parts.any(Phase.BESIDE);
    }

    private void meet(FenceClaim claim) {
        if (!parts.has(claim)) {
            parts.add(new ClaimState(claim, fence.row(claim)));
        }
    }

    /** Claims what is not held, in the order of names, rows that are to be written in one go. */
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
                throw refusals.tableGone(parts.wanted(), e);
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
        throw refusals.blocked(part, "another transaction of the same method, which waits for it", null);
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

    /** @param after how many claims are not undone, the first ones */
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
            // the commit is not the place to stop; what is beside fails or commits by itself
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
