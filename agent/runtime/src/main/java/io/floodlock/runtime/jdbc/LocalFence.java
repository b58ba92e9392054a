package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/**
 * Makes a connection claim for fenced scopes before its statements, outside {@code @DistributedTx}: in the
 * application's {@link LocalTransaction}, or, in autocommit mode, in an {@link ImplicitTransaction}. {@link LocalRole}
 * calls it. As thread-safe as the connection.
 */
final class LocalFence {

    private final LocalTransactionTracker work;
    private final Object source;
    private final Connection raw;
    private final ConnectionHooks hooks;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    LocalFence(
            LocalTransactionTracker work,
            Object source,
            Connection raw,
            ConnectionHooks hooks,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        this.work = work;
        this.source = source;
        this.raw = raw;
        this.hooks = hooks;
        this.toCaller = toCaller;
    }

    /** @param reads whether the statement only reads */
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

    /** Makes the claims without a statement; does nothing in autocommit mode. */
    void claim() throws SQLException {
        LocalTransaction transaction = work.begun();
        if (transaction != null) {
            claim(transaction);
        }
    }

    /** Called before the driver's connection is given away: work done on that connection is not seen. */
    void beforeUnwrap() throws SQLException {
        requireManualCommit("unwrap() on");
        claim();
    }

    /** Called before a statement of the driver's connection that was given away. */
    void beforeUnseenRun() throws SQLException {
        requireManualCommit("A statement of the driver's own on");
        LocalTransaction transaction = work.begun();
        claim(transaction);
        transaction.used();
    }

    /**
     * Called before a commit of work that may have been done unseen.
     *
     * @throws FloodlockFailure if the work must be rolled back
     */
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
                    + " a connection in autocommit mode is refused in a fenced method: the driver would commit the"
                    + " work without a claim, and the database would not compare holders. Call setAutoCommit(false)"
                    + " before and commit() after; or run the work as a statement of the connection that the DataSource"
                    + " handed out"));
        }
    }

    private AfterRun byItself(Statement statement, boolean reads) throws SQLException {
        try {
            FencePart part = hooks.fence(source, raw);
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
            part = hooks.fence(source, raw);
            transaction.fenced(part);
        }
        return part;
    }

    /** Refuses a text that would end the transaction, and with it the claims, unseen. */
    private void refuseEnd(Sql sql) {
        if (sql.endsTransaction()) {
            throw toCaller.apply(Failure.ILLEGAL_TRANSACTION.because(sql.ending()
                    + " as SQL text is refused in a fenced method; use the connection's setAutoCommit(), commit(),"
                    + " rollback() and savepoints"));
        }
    }
}
