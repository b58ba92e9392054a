package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.LocalTransaction.Outcome;
import io.floodlock.runtime.jdbc.driver.CommitFailure;
import io.floodlock.runtime.jdbc.driver.DriverAbort;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Follows the application's own transactions on the connection of one handle, one after another: begins and ends each
 * {@link LocalTransaction} with the calls that {@link LocalRole} passes on. As thread-safe as the connection.
 */
final class LocalTransactionTracker {

    /** Set while this thread closes a connection: calls that a pool then makes on it begin no transaction. */
    private static final ThreadLocal<Boolean> CLOSING = new ThreadLocal<>();

    /**
     * The connection on which this thread ended a transaction last. While it stays in manual commit mode, whatever is
     * done next belongs to its next transaction.
     */
    private static final ThreadLocal<WeakReference<LocalTransactionTracker>> LAST_ENDED = new ThreadLocal<>();

    private final Object source;
    private final Connection raw;

    /** Written by the connection's thread; stale values elsewhere lead to an error of the driver. */
    private boolean closed;

    private LocalTransaction current;

    /** Whether the application has the driver's connection, on which it may do work that its handle does not see. */
    private boolean exposed;

    LocalTransactionTracker(Object source, Connection raw) {
        this.source = source;
        this.raw = raw;
    }

    /** The open transaction, or null. */
    LocalTransaction current() {
        return current;
    }

    /** The fence's part in the open transaction, or null. */
    FencePart fenced() {
        return current == null ? null : current.fenced();
    }

    /** What the open transaction runs last; null for nothing. */
    LocalCommit last() {
        return current == null ? null : current.last();
    }

    boolean exposed() {
        return exposed;
    }

    void expose() {
        exposed = true;
    }

    private boolean dirty() {
        return current != null && current.dirty();
    }

    /** The open transaction, begun if necessary; null in autocommit mode. */
    LocalTransaction begun() throws SQLException {
        if (current == null && !raw.getAutoCommit()) {
            current = LocalTransaction.begin(source, raw);
        }
        return current;
    }

    /**
     * Begins the next transaction on the connection on which this thread ended one last, as its next statement would.
     *
     * @return null if that is not in manual commit mode any more, or has been given back
     */
    static LocalTransaction beginNext() {
        WeakReference<LocalTransactionTracker> known = LAST_ENDED.get();
        LocalTransactionTracker last = known == null ? null : known.get();
        try {
            return last == null || last.closed || last.current != null ? null : last.begun();
        } catch (SQLException e) {
            // it is broken
            return null;
        }
    }

    /** Called before this thread ends the transaction: the locks that it keeps now count as those of this thread. */
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
            current = LocalTransaction.begin(source, raw);
        }
    }

    void close() throws SQLException {
        closed = true;
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

    /** Rolls back, or else aborts the connection, because of a failure that is thrown to the application. */
    void rollBack(Throwable because) {
        try {
            rollback();
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
            // applications set the commit mode next, which would commit the open work
            abort(because);
        }
    }

    private void abort(Throwable because) {
        try {
            DriverAbort.of(raw);
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
        }
    }

    /** The connection is gone, and the work in it. */
    void broken() {
        ended(dirty() ? Outcome.UNKNOWN : Outcome.ROLLED_BACK);
    }

    private void end(Call call, Outcome outcome) throws SQLException {
        Outcome known = Outcome.UNKNOWN;
        try {
            call.run();
            known = outcome;
        } catch (SQLException e) {
            known = CommitFailure.isRolledBack(e, raw) ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
            throw e;
        } finally {
            ended(known);
        }
    }

    private void ended(Outcome outcome) {
        LocalTransaction ending = current;
        if (ending != null) {
            current = null;
            LAST_ENDED.set(new WeakReference<>(this));
            ending.ended(outcome);
        }
    }

    private interface Call {
        void run() throws SQLException;
    }
}
