package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/** What fenced scopes have a connection do before the statements that run on it outside {@code @DistributedTx}. */
final class LocalFence {

    private final LocalTransactionTracker work;
    private final Object source;
    private final Connection raw;
    private final ConnectionHooks gate;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    LocalFence(
            LocalTransactionTracker work,
            Object source,
            Connection raw,
            ConnectionHooks gate,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this.work = work;
        this.source = source;
        this.raw = raw;
        this.gate = gate;
        this.toCaller = toCaller;
    }

    /** @param reads whether it does nothing else */
    AfterRun beforeRun(Statement statement, Sql sql, boolean reads) throws SQLException {
        refuseEnd(sql);
        LocalTransaction transaction = work.begun();
        if (transaction == null) {
            return byItself(statement, reads);
        }
        if (sql.setsTransaction()) {
            return null;
        }
        FencePart part = claim(transaction);
        transaction.used();
        return failure -> part.afterRun(sql, failure);
    }

    void beforeBatched(Sql sql) {
        refuseEnd(sql);
    }

    /** Claims without a statement, where a transaction is open. */
    void claim() throws SQLException {
        LocalTransaction transaction = work.begun();
        if (transaction != null) {
            claim(transaction);
        }
    }

    /** The driver's connection is about to be given away: what is done on it is not seen. */
    void giveAway() throws SQLException {
        requireManualCommit("unwrap() on");
        claim();
    }

    /** Before a statement of the driver's connection that was given away. */
    void beforeUnseenRun() throws SQLException {
        requireManualCommit("A statement of the driver's own on");
        LocalTransaction transaction = work.begun();
        claim(transaction);
        transaction.used();
    }

    /** Before a commit of what may have been done unseen. @throws FloodlockFailure to have it rolled back */
    void beforeUnseenCommit() throws SQLException {
        LocalTransaction transaction = work.begun();
        if (transaction == null) {
            return;
        }
        FencePart part = fenced(transaction);
        part.unseen();
        part.beforeRun(true);
    }

    private void requireManualCommit(String what) throws SQLException {
        if (work.begun() == null) {
            throw toCaller.apply(Failure.ILLEGAL_TRANSACTION.because(what
                    + " a connection in autocommit mode, in a fenced method: the driver would commit what is done on"
                    + " it, and the database would not compare holders. Call setAutoCommit(false) on the connection"
                    + " before, and commit() after; or run it as a statement of the connection that the DataSource"
                    + " handed out"));
        }
    }

    private AfterRun byItself(Statement statement, boolean reads) throws SQLException {
        try {
            FencePart part = gate.fence(source, raw);
            if (!reads) {
                return ImplicitTransaction.begin(raw, statement, part, toCaller);
            }
            if (!part.known()) {
                ImplicitTransaction.alone(raw, part);
            }
            return null;
        } catch (FloodlockFailure e) {
            throw toCaller.apply(e);
        }
    }

    private FencePart claim(LocalTransaction transaction) throws SQLException {
        try {
            FencePart part = fenced(transaction);
            part.beforeRun(transaction.dirty());
            return part;
        } catch (FloodlockFailure e) {
            work.rollBack(e);
            throw toCaller.apply(e);
        }
    }

    private FencePart fenced(LocalTransaction transaction) throws SQLException {
        FencePart part = transaction.fenced();
        if (part == null) {
            part = gate.fence(source, raw);
            transaction.fenced(part);
        }
        return part;
    }

    /** The claims would end with it, unseen. */
    private void refuseEnd(Sql sql) {
        if (sql.endsTransaction()) {
            throw toCaller.apply(Failure.ILLEGAL_TRANSACTION.because(sql.ending()
                    + " as SQL text in a fenced method; use the connection's setAutoCommit(), commit(), rollback() and"
                    + " savepoints"));
        }
    }
}
