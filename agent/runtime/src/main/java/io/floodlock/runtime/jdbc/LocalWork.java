package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.LocalTransaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;

/** The application's own transactions on one handle's connection, one after another. */
final class LocalWork {

    /** Set while this thread gives a connection back: what a pool does to it then is the beginning of nothing. */
    private static final ThreadLocal<Boolean> CLOSING = new ThreadLocal<>();

    private final Connection raw;

    /** The handle next to the database; null as long as nobody asked, which a connection that is made lazily must not notice. */
    private TrackedConnection nearest;

    private LocalTransaction current;

    /** Whether the application has the driver's connection, and may do on it what its handle does not see. */
    private boolean givenAway;

    LocalWork(Connection raw) {
        this.raw = raw;
    }

    /** The one that is open, or null. */
    LocalTransaction current() {
        return current;
    }

    /** The fence's part in it, or null. */
    Fenced fenced() {
        return current == null ? null : current.fenced();
    }

    boolean givenAway() {
        return givenAway;
    }

    void giveAway() {
        givenAway = true;
    }

    boolean dirty() {
        return current != null && current.dirty();
    }

    /** Of the handles that lie one over another the one next to the database, {@code own} where no other lies below it. */
    TrackedConnection handle(TrackedConnection own) {
        if (nearest == null) {
            nearest = below(raw);
            if (nearest == null) {
                nearest = own;
            }
        }
        return nearest;
    }

    static TrackedConnection below(Connection raw) {
        try {
            if (raw.isWrapperFor(TrackedConnection.class)) {
                TrackedConnection below = raw.unwrap(TrackedConnection.class);
                return below.local == null ? below : below.local.handle(below);
            }
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // one that can't tell has none below it
        }
        return null;
    }

    /** The one that is open, begun if need be; null while the driver commits by itself. */
    LocalTransaction begun() throws SQLException {
        if (current == null && !raw.getAutoCommit()) {
            current = LocalTransaction.begin(raw);
        }
        return current;
    }

    /** A statement is about to run on {@code own}. */
    void used(TrackedConnection own) throws SQLException {
        if (current != null) {
            current.used();
        } else if (handle(own) == own && begun() != null) {
            current.used();
        }
    }

    /** This thread is about to end it: what it keeps is this thread's to answer for. */
    void ending() {
        if (current != null) {
            current.adoptedHere();
        }
    }

    void commit() throws SQLException {
        end(raw::commit, Outcome.COMMITTED);
    }

    void rollback() throws SQLException {
        end(raw::rollback, Outcome.ROLLED_BACK);
    }

    void setAutoCommit(boolean value) throws SQLException {
        if (value) {
            end(() -> raw.setAutoCommit(true), Outcome.COMMITTED);
            return;
        }
        raw.setAutoCommit(false);
        if (current == null && CLOSING.get() == null) {
            current = LocalTransaction.begin(raw);
        }
    }

    void close() throws SQLException {
        boolean outermost = CLOSING.get() == null;
        CLOSING.set(true);
        try {
            raw.close();
        } finally {
            if (outermost) {
                CLOSING.remove();
            }
            broken();
        }
    }

    /** Breaks a connection that can't be rolled back. */
    void abort(Throwable because) {
        try {
            Abort.of(raw);
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
        }
    }

    /** The connection is gone, with what was in it. */
    void broken() {
        ended(dirty() ? Outcome.UNKNOWN : Outcome.ROLLED_BACK);
    }

    private void end(Call call, Outcome outcome) throws SQLException {
        Outcome known = Outcome.UNKNOWN;
        try {
            call.run();
            known = outcome;
        } catch (SQLException e) {
            known = CommitFailure.saysRolledBack(e, raw) ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
            throw e;
        } finally {
            ended(known);
        }
    }

    private void ended(Outcome outcome) {
        LocalTransaction ending = current;
        if (ending != null) {
            current = null;
            ending.ended(outcome);
        }
    }

    private interface Call {
        void run() throws SQLException;
    }
}
