package io.floodlock.runtime.fence;

import io.floodlock.runtime.fence.Part.State;
import io.floodlock.runtime.jdbc.Fenced;
import io.floodlock.runtime.jdbc.Nesting;
import io.floodlock.runtime.jdbc.Sql;
import io.floodlock.runtime.lock.Claim;
import io.floodlock.runtime.lock.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What one transaction on one physical connection has claimed for the fenced scopes it works in. One thread at a time. */
final class FencedTransaction implements Fenced {

    /*
     * Why at the first statement, and why the row stays locked. A holder A whose lease has ended may have a transaction open in
     * which it has written, and B has the lock. Were A only checked when it commits, B could read before that commit what A is
     * about to change, and both write. So each claims before its first statement: B's claim waits for A's transaction, and B
     * reads what A has left; or B was first, and A's claim finds a greater token.
     *
     * A part is one claim in one transaction. With T this transaction, and "another" one of the same holder (token and owner):
     *
     *   ABSENT    T has no lock on the row. Before T's next statement or its commit it must claim.
     *   HELD      T has written the row and has it locked, until it ends.
     *   BESIDE    another has it HELD in the same database, so T works without: its claim would wait for the other, which may be
     *             waiting for T (a REQUIRES_NEW, an id generator). No other holder gets in as long as the other is open.
     *   CHECKED   (shared) the row is that of the read phase, and T has it locked against writers.
     *   READ      T can't write, so neither can it lock: the row was not a later one's when it was read. It was written before
     *             that over another connection, to wait for the holder before: what T reads may be what others will write.
     *
     *   ABSENT -> HELD       claim accepted
     *   ABSENT -> BESIDE     another has it; if another is about to get it, T waits for how that ends
     *   BESIDE -> ABSENT     the other has ended before T: seen at T's next statement, and at its commit
     *   HELD   -> ABSENT     rollback to a savepoint before the claim; a statement that may have committed; a statement or claim
     *                        that failed where that may have ended T (a deadlock on MariaDB): claimed anew, which an equal row
     *                        lets
     *   any    -> ABSENT     at the commit of a connection that was given away: what ran past its handle may have ended T,
     *                        and begun another in its place
     *   any    -> gone       T ended
     *   ABSENT -> gone       the table was dropped: T is rolled back, and the next claim creates it
     *   ABSENT -> refused    T is rolled back. If the lease stands, Redis has lost its count, which goes on above what the row has
     *
     * Two threads of one scope. While T is being committed BESIDE the other's row, the other may not give the row up: its commit
     * waits for T's. And T finds the row given up as soon as the other's end has begun. Neither waits in the database for that.
     *
     * Shared. Members of a read phase have one token and owner. A member's lock on the row would not let others check theirs, if
     * it wrote the row: so the first to find an older row writes it in a transaction of its own, which ends at once, and then all
     * lock the row shared. An exclusive claim waits for their transactions. The transaction of its own is this one, still empty,
     * where T has done nothing yet and is ours to commit; else it goes over another connection.
     *
     * Snapshots. Where T reads all it reads from the time of its first read (REPEATABLE READ), a claim that comes later does not
     * make it see what the holder before has written. T is refused then: rolled back and told so. Where T had not read, its
     * snapshot is that of the claim or later; and on PostgreSQL, a claim that had to wait finds its own snapshot too old: it is
     * begun anew, as nothing has been done in T. So it is where a deadlock was found, which on MariaDB those are in who wait for a
     * row whose maker rolls back. A claim at the commit of what ran unseen compares no snapshots, as nobody knows what was read.
     * There was a claim where the driver's connection was given away, which has waited for the holder before.
     */

    /** For what this JVM's own transactions do with a row, which takes a round trip or two. */
    private static final Duration BESIDE_PATIENCE = Duration.ofSeconds(10);

    private final Fence fence;
    private final FencedDatabase database;
    private final Connection connection;

    private final List<Part> parts = new ArrayList<>(2);
    private int claims;

    /** How many claims had been made when they were set; null before the first. */
    private Map<Savepoint, Integer> savepoints;

    private List<Claim> seen = List.of();
    private boolean complete;

    FencedTransaction(Fence fence, FencedDatabase database, Connection connection) {
        this.fence = fence;
        this.database = database;
        this.connection = connection;
    }

    @Override
    public void beforeRun(boolean worked) throws SQLException {
        List<Claim> wanted = fence.claims();
        if (wanted == seen && complete) {
            return;
        }
        for (Claim claim : wanted) {
            meet(claim);
        }
        claimAll(worked);
        seen = wanted;
        complete = !any(State.BESIDE);
    }

    private boolean any(State state) {
        for (Part part : parts) {
            if (part.state == state) {
                return true;
            }
        }
        return false;
    }

    private void meet(Claim claim) {
        for (Part part : parts) {
            if (part.claim == claim) {
                return;
            }
        }
        Row row = fence.row(claim);
        int place = 0;
        for (; place < parts.size() && parts.get(place).row.name().compareTo(row.name()) <= 0; place++) {
            if (parts.get(place).row.equals(row)) {
                return;
            }
        }
        parts.add(place, new Part(claim, row));
    }

    /** Claims what is not held, in the order of names, rows that are to be written in one go. */
    private void claimAll(boolean worked) throws SQLException {
        for (Part part : parts) {
            if (part.state == State.BESIDE && !database.held(part.row, this)) {
                part.state = State.ABSENT;
            }
        }
        if (!any(State.ABSENT)) {
            return;
        }
        boolean claimed = false;
        Nesting.enter();
        try {
            List<Part> together = new ArrayList<>(parts.size());
            boolean readOnly = !database.writable() || connection.isReadOnly();
            for (Part part : parts) {
                if (part.state != State.ABSENT) {
                    continue;
                }
                if (readOnly) {
                    look(part);
                } else if (part.claim.mode() == Mode.EXCLUSIVE) {
                    if (take(part)) {
                        together.add(part);
                    } else {
                        part.state = State.BESIDE;
                        part.fresh = true;
                    }
                } else {
                    write(together, worked);
                    check(part, worked);
                }
            }
            write(together, worked);
            claimed = true;
        } catch (SQLException e) {
            mayHaveEnded("", e);
            if (database.dialect().isTableGone(e)) {
                fence.tableGone(database);
                throw refusals().tableGone(wanted(), e);
            }
            throw e;
        } finally {
            Nesting.leave();
            if (!claimed) {
                releaseAbsent();
            }
        }
    }

    /** One of those that are to be claimed. */
    private Part wanted() {
        for (Part part : parts) {
            if (part.state == State.ABSENT) {
                return part;
            }
        }
        return parts.get(0);
    }

    private boolean take(Part part) {
        try {
            Boolean mine = database.take(part.row, this, part.claim.left().plus(BESIDE_PATIENCE));
            if (mine != null) {
                return mine;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw refusals().blocked(part, "another transaction of the same method, which waits for it", null);
    }

    /** What was to be claimed and was not. */
    private void releaseAbsent() {
        for (Part part : parts) {
            if (part.state == State.ABSENT) {
                database.release(part.row, this);
            }
        }
    }

    // ---- exclusive

    private void write(List<Part> together, boolean worked) throws SQLException {
        if (together.isEmpty()) {
            return;
        }
        raise(together, empty(worked));
        for (Part part : together) {
            requireFresh(part, worked);
            become(part, State.HELD);
            database.granted(part.row, this);
        }
        together.clear();
    }

    /** Whether it can be begun anew without anybody's noticing. */
    private boolean empty(boolean worked) {
        if (worked) {
            return false;
        }
        for (Part part : parts) {
            if (part.state != State.ABSENT) {
                return false;
            }
        }
        return true;
    }

    private void raise(List<Part> together, boolean empty) throws SQLException {
        List<Row> rows = rows(together);
        while (true) {
            long start = System.nanoTime();
            try {
                if (!database.dialect().raise(connection, database.table(), rows, left(together))) {
                    throw refusals().refused(together);
                }
                return;
            } catch (SQLException e) {
                if (database.dialect().isBlocked(e)) {
                    throw refusals().blocked(together.get(0), null, e);
                }
                boolean older = database.dialect().isOlder(e);
                if (older && !empty) {
                    throw refusals().stale(together.get(0), e);
                }
                if (!older && !(empty && database.dialect().isDeadlock(e))) {
                    throw e;
                }
                if (left(together).isZero()) {
                    throw refusals().blocked(together.get(0), null, e);
                }
                beginAnew(together.get(0), e, older);
            } finally {
                together.get(0).claim.waited(Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    private void beginAnew(Part first, SQLException because, boolean older) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // a transaction manager's is not ours to roll back
            because.addSuppressed(e);
            if (older) {
                throw refusals().stale(first, because);
            }
            throw because;
        }
    }

    private static List<Row> rows(List<Part> together) {
        if (together.size() == 1) {
            return List.of(together.get(0).row);
        }
        List<Row> rows = new ArrayList<>(together.size());
        for (Part part : together) {
            rows.add(part.row);
        }
        return rows;
    }

    private static Duration left(List<Part> together) {
        Duration least = together.get(0).claim.left();
        for (Part part : together) {
            Duration left = part.claim.left();
            if (left.compareTo(least) < 0) {
                least = left;
            }
        }
        return least;
    }

    private void requireFresh(Part part, boolean worked) throws SQLException {
        if (!part.fresh && worked && database.dialect().keepsSnapshot(connection)) {
            throw refusals().stale(part, null);
        }
        part.fresh = true;
    }

    // ---- shared

    private void check(Part part, boolean worked) throws SQLException {
        boolean known = database.knows(part.row);
        if (!known) {
            raiseFirst(part, worked);
            database.committed(part.row);
        }
        Row stored = lockShared(part);
        if (stored == null && known) {
            database.forget(part.row);
            raiseFirst(part, worked);
            database.committed(part.row);
            stored = lockShared(part);
        }
        if (stored == null && database.dialect().keepsSnapshot(connection)) {
            // it is there, and T is too old to see it
            throw refusals().stale(part, null);
        }
        if (stored == null || !stored.equals(part.row)) {
            throw refusals().refused(List.of(part));
        }
        requireFresh(part, worked);
        become(part, State.CHECKED);
    }

    private Row lockShared(Part part) throws SQLException {
        long start = System.nanoTime();
        try {
            return database.dialect().read(connection, database.table(), part.row.name(), true, part.claim.left());
        } catch (SQLException e) {
            if (database.dialect().isBlocked(e)) {
                throw refusals().blocked(part, null, e);
            }
            if (database.dialect().isOlder(e)) {
                throw refusals().stale(part, e);
            }
            throw e;
        } finally {
            part.claim.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** In a transaction that ends at once, so that the other members needn't wait for this one. */
    private void raiseFirst(Part part, boolean worked) throws SQLException {
        if (empty(worked) && endsHere()) {
            raise(List.of(part), true);
            connection.commit();
            return;
        }
        raiseBeside(part);
    }

    /** Whether the transaction, which is empty, can be committed here; a transaction manager's can't. Asks no server. */
    private boolean endsHere() {
        try {
            connection.commit();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The row is read first, as others that have it locked would be waited for; and not by T, whose snapshot would be older. */
    private void raiseBeside(Part part) throws SQLException {
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
                throw refusals().refused(List.of(part));
            }
        } catch (SQLException e) {
            if (database.dialect().isBlocked(e)) {
                throw refusals().blocked(part, null, e);
            }
            throw e;
        } finally {
            part.claim.waited(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    // ---- read-only

    private void look(Part part) throws SQLException {
        if (database.writable() && !database.knows(part.row) && !database.held(part.row, this)) {
            raiseBeside(part);
            database.committed(part.row);
        }
        Row stored = database.exists()
                ? database.dialect().read(connection, database.table(), part.row.name(), false, Duration.ZERO)
                : null;
        if (stored != null && part.row.isStale(stored)) {
            throw refusals().refused(List.of(part));
        }
        become(part, State.READ);
    }

    private void become(Part part, State state) {
        part.state = state;
        part.claimed = ++claims;
    }

    // ---- the rest of its life

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
        for (Claim claim : fence.claims()) {
            meet(claim);
        }
        for (Part part : parts) {
            part.fresh = true;
        }
    }

    @Override
    public void savepoint(Savepoint set) {
        if (savepoints == null) {
            savepoints = new IdentityHashMap<>();
        }
        savepoints.put(set, claims);
    }

    @Override
    public void rolledBackTo(Savepoint savepoint) {
        undone(savepoints == null ? 0 : savepoints.getOrDefault(savepoint, 0));
    }

    /** What was claimed after the first so many. */
    private void undone(int after) {
        for (Part part : parts) {
            if (part.claimed > after && part.state != State.BESIDE) {
                if (part.state == State.HELD) {
                    database.release(part.row, this);
                }
                part.state = State.ABSENT;
                complete = false;
            }
        }
    }

    @Override
    public void beforeCommit() throws SQLException {
        claimAll(true);
        for (Part part : parts) {
            if (part.state == State.BESIDE && !part.commitsBeside) {
                if (database.commitBeside(part.row, this)) {
                    part.commitsBeside = true;
                } else {
                    part.state = State.ABSENT;
                    claimAll(true);
                }
            }
        }
        for (Part part : parts) {
            if (part.state == State.HELD) {
                awaitThoseBeside(part);
            }
        }
    }

    private void awaitThoseBeside(Part part) {
        try {
            database.ending(part.row, this, BESIDE_PATIENCE);
        } catch (InterruptedException e) {
            // the commit is not the place to stop; what is beside fails or commits by itself
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void ended(boolean committed) {
        for (Part part : parts) {
            if (committed && part.state != State.ABSENT && part.state != State.BESIDE) {
                database.committed(part.row);
            }
            if (part.commitsBeside) {
                database.committedBeside(part.row);
            }
            if (part.state == State.HELD) {
                database.release(part.row, this);
            }
        }
        parts.clear();
        savepoints = null;
        seen = List.of();
        complete = false;
    }

    @Override
    public boolean known() {
        for (Claim claim : fence.claims()) {
            Row row = fence.row(claim);
            if (!database.knows(row) && !database.held(row, this)) {
                return false;
            }
        }
        return true;
    }

    private FenceRefusals refusals() {
        return new FenceRefusals(fence, database, connection);
    }
}
