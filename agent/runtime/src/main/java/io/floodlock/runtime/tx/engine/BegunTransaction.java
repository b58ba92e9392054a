package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxScope;
import io.floodlock.runtime.tx.commit.Completion;
import io.floodlock.runtime.tx.transaction.LiveTransactions;
import io.floodlock.runtime.tx.transaction.RollbackRules;
import io.floodlock.runtime.tx.transaction.Transaction;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * The scope of a method that began the transaction; its end commits or rolls back. {@link Transactions} makes it.
 * Belongs to the transaction's thread.
 */
final class BegunTransaction implements TxScope {

    private final Transaction transaction;
    private final Completion completion;
    private final Homes homes;
    private final LiveTransactions live;
    private final Runnable resumeOuter;

    /**
     * The driver call depth on entry. A stack overflow inside a driver's call may leave the depth raised, and then
     * no connection would take part any more; so it is restored at the end.
     */
    private final int nesting = DriverCallDepth.depth(0);

    /** @param resumeOuter makes the transaction around it, if there is one, that of the thread again */
    BegunTransaction(
            Transaction transaction, Completion completion, Homes homes, LiveTransactions live, Runnable resumeOuter) {
        this.transaction = transaction;
        this.completion = completion;
        this.homes = homes;
        this.live = live;
        this.resumeOuter = resumeOuter;
    }

    /**
     * Begins the agent's own work, where its home is known by now.
     *
     * @return false if the body must not run; then the transaction has ended
     */
    boolean beginWork() {
        boolean runs = false;
        try {
            runs = homes.begin(transaction, false);
        } catch (SQLException e) {
            throw transaction.rolledBack("a database failed: " + e.getMessage(), e);
        } finally {
            if (!runs) {
                end(this::rollBack);
            }
        }
        return runs;
    }

    @Override
    public void exit(Throwable thrown) {
        if (thrown == null || !RollbackRules.rollsBack(transaction.attributes(), thrown)) {
            end(this::commit);
            return;
        }
        FloodlockFailure late = transaction.expired() && !wasRolledBack(thrown) ? transaction.timeUp() : null;
        end(this::rollBack);
        if (late != null) {
            throw late;
        }
    }

    private HomeWork.End commit() {
        if (beginWorkLate()) {
            completion.commit(transaction);
            return transaction.isInDoubt() ? HomeWork.End.IN_DOUBT : HomeWork.End.COMMITTED;
        }
        return rollBack();
    }

    /** Begins the agent's own work after the body, which was the first in this JVM to use a database. */
    private boolean beginWorkLate() {
        if (transaction.work() == null
                || transaction.home() != null
                || transaction.branches().isEmpty()) {
            return true;
        }
        try {
            return homes.begin(transaction, true);
        } catch (SQLException e) {
            completion.rollback(transaction);
            throw transaction.rolledBack("a database failed: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            completion.rollback(transaction);
            throw e;
        }
    }

    private HomeWork.End rollBack() {
        completion.rollback(transaction);
        return HomeWork.End.ROLLED_BACK;
    }

    private void end(Supplier<HomeWork.End> step) {
        HomeWork.End end = HomeWork.End.UNKNOWN;
        try {
            end = step.get();
        } catch (FloodlockFailure e) {
            end = e.kind() == Failure.TRANSACTION_OUTCOME_UNKNOWN ? end : HomeWork.End.ROLLED_BACK;
            throw e;
        } finally {
            live.remove(transaction);
            DriverCallDepth.depth(nesting);
            resumeOuter.run();
            transaction.ended(end);
        }
    }

    /** Whether the body failed with the report of one of its connections that the transaction is rolled back. */
    private static boolean wasRolledBack(Throwable thrown) {
        return thrown.getClass().getName().equals(Failure.TRANSACTION_ROLLED_BACK.className());
    }
}
