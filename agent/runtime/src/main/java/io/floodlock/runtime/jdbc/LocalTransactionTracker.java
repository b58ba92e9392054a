package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.LocalTransaction.Outcome;
import io.floodlock.runtime.jdbc.driver.CommitFailure;
import io.floodlock.runtime.jdbc.driver.DriverAbort;
import java.sql.Connection;
import java.sql.SQLException;

/** The application's own transactions on one handle's connection, one after another. */
final class LocalTransactionTracker {

    /** Set while this thread gives a connection back: what a pool does to it then is the beginning of nothing. */
    private static final ThreadLocal<Boolean> CLOSING = new ThreadLocal<>();

    private final Connection raw;

    private LocalTransaction current;

    /** Whether the application has the driver's connection, and may do on it what its handle does not see. */
    private boolean givenAway;

    LocalTransactionTracker(Connection raw) {
        this.raw = raw;
    }

    /** The one that is open, or null. */
    LocalTransaction current() {
        return current;
    }

    /** The fence's part in it, or null. */
    FencePart fenced() {
        return current == null ? null : current.fenced();
    }

    boolean givenAway() {
        return givenAway;
    }

    void giveAway() {
        givenAway = true;
    }

    private boolean dirty() {
        return current != null && current.dirty();
    }

    /** The one that is open, begun if need be; null while the driver commits by itself. */
    LocalTransaction begun() throws SQLException {
        if (current == null && !raw.getAutoCommit()) {
            current = LocalTransaction.begin(raw);
        }
        return current;
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

    /** Because of a failure that goes to the application. */
    void rollBack(FloodlockFailure because) {
        try {
            rollback();
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
            // setting the commit mode, as applications do next, would commit what is open
            abort(because);
        }
    }

    private void abort(FloodlockFailure because) {
        try {
            DriverAbort.of(raw);
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
