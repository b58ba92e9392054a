package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverAbort;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/**
 * The transaction around one statement of a fenced scope on a connection in autocommit mode: the claim and the
 * statement must be committed together. Afterwards the connection looks as before. {@link LocalFence} begins it. As
 * thread-safe as the connection.
 *
 * <p>The result of such a statement is read completely before the commit, as the driver does without a transaction.
 */
final class ImplicitTransaction implements AfterRun {

    private final Connection raw;
    private final Statement statement;
    private final FencePart fenced;
    private final Function<FloodlockFailure, RuntimeException> toCaller;
    private final int fetchSize;

    private ImplicitTransaction(
            Connection raw,
            Statement statement,
            FencePart fenced,
            Function<FloodlockFailure, RuntimeException> toCaller,
            int fetchSize) {
        this.raw = raw;
        this.statement = statement;
        this.fenced = fenced;
        this.toCaller = toCaller;
        this.fetchSize = fetchSize;
    }

    /** Begins the transaction and makes the claims; the statement must run next. */
    static AfterRun begin(
            Connection raw,
            Statement statement,
            FencePart fenced,
            Function<FloodlockFailure, RuntimeException> toCaller)
            throws SQLException {
        int fetchSize = statement.getFetchSize();
        claim(raw, fenced);
        try {
            if (fetchSize != 0) {
                statement.setFetchSize(0);
            }
            return new ImplicitTransaction(raw, statement, fenced, toCaller, fetchSize);
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(raw, fenced, e);
            throw e;
        }
    }

    /** Makes the claims in a transaction of their own, before a statement that only reads. */
    static void alone(Connection raw, FencePart fenced) throws SQLException {
        claim(raw, fenced);
        commit(raw, fenced);
    }

    private static void claim(Connection raw, FencePart fenced) throws SQLException {
        raw.setAutoCommit(false);
        try {
            fenced.beforeRun(false);
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(raw, fenced, e);
            throw e;
        }
    }

    @Override
    public void afterRun(SQLException failure) throws SQLException {
        if (failure == null) {
            try {
                commit(raw, fenced);
            } catch (FloodlockFailure e) {
                throw toCaller.apply(e);
            }
        } else {
            rollBack(raw, fenced, failure);
        }
        if (fetchSize != 0 && !statement.isClosed()) {
            statement.setFetchSize(fetchSize);
        }
    }

    private static void commit(Connection raw, FencePart fenced) throws SQLException {
        try {
            fenced.beforeCommit();
            // this commits
            raw.setAutoCommit(true);
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(raw, fenced, e);
            throw e;
        }
        fenced.ended(true);
    }

    /**
     * Aborts a connection that can't be rolled back: it would stay in manual commit mode with open work, and nobody
     * would know.
     */
    private static void rollBack(Connection raw, FencePart fenced, Throwable because) {
        try {
            raw.rollback();
            raw.setAutoCommit(true);
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
            abort(raw, because);
        } finally {
            fenced.ended(false);
        }
    }

    private static void abort(Connection raw, Throwable because) {
        try {
            DriverAbort.of(raw);
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
        }
    }
}
