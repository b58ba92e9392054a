package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.jdbc.CommitPart;
import io.floodlock.runtime.jdbc.LocalTransaction;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.commit.HomeDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The agent's own work in the application's transaction on one connection. {@link LocalCommits} makes it. As
 * thread-safe as the connection.
 */
final class LocalCommitWork implements CommitPart {

    /*
     *   the application          the work
     *   commits                  is written before, and shares its fate
     *   rolls back               is dropped
     *   closes the connection    is written before if the transaction has written anything: a transaction manager may
     *                            commit it later, a pool rolls it back. If it has written nothing there is nothing to
     *                            share: the work is done alone. So an open transaction in which some layer has
     *                            only read loses no calls.
     *   aborts the connection    is dropped
     */

    private final CommitWork work;

    /** Null for a transaction that can only read. */
    private final HomeDatabase home;

    private boolean written;
    private boolean alone;

    LocalCommitWork(CommitWork work, HomeDatabase home) {
        this.work = work;
        this.home = home;
    }

    CommitWork work() {
        return work;
    }

    @Override
    public void write(Connection connection) throws SQLException {
        if (home == null) {
            return;
        }
        DriverCallDepth.enter();
        try {
            written = true;
            work.write(home, connection);
        } finally {
            DriverCallDepth.leave();
        }
    }

    @Override
    public void beforeClose(Connection connection) throws SQLException {
        if (home == null) {
            alone = true;
            return;
        }
        DriverCallDepth.enter();
        try {
            alone = home.database().dialect().readOnly(connection);
        } catch (SQLException e) {
            // the transaction has failed before, or does so now, or its connection is gone: it can't commit
            return;
        } finally {
            DriverCallDepth.leave();
        }
        if (!alone) {
            write(connection);
        }
    }

    @Override
    public int size() {
        return work.size();
    }

    @Override
    public void shorten(int size) {
        work.shorten(size);
    }

    @Override
    public void ended(LocalTransaction.Outcome outcome) {
        work.ended(
                switch (outcome) {
                    case COMMITTED -> HomeWork.End.COMMITTED;
                    case ROLLED_BACK -> HomeWork.End.ROLLED_BACK;
                    case UNKNOWN -> unknown();
                });
    }

    private HomeWork.End unknown() {
        if (alone) {
            return HomeWork.End.COMMITTED;
        }
        return written ? HomeWork.End.UNKNOWN : HomeWork.End.ROLLED_BACK;
    }
}
