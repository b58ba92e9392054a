package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the application's open transactions keep. Thread-safe. */
final class TransactionHolds {

    /*
     * A thread finds a hold in two ways. By the transaction, if that is one of those in which its statements would run now: so
     * a connection handed to another thread brings its keys along. And because a scope closed on this very thread gave it:
     * a transaction that is set aside while a new one runs inside it keeps its keys, and to wait for them would be to wait for
     * this thread.
     *
     * A hold is made by the first scope that closes in its transaction, and ends with that. Between being found open and being
     * asked to tell of its end a transaction may end on another thread: so it is asked once more afterwards.
     *
     * Where a transaction doesn't tell whether it is open or when it ends, nothing can keep its keys until then. The scope gives
     * them back and fails, so that its call does, and with it the transaction: to return as if all were well would be to let
     * the next holder in before the commit.
     */

    private static final Logger log = LoggerFactory.getLogger(TransactionHolds.class);

    private final OpenTransactions transactions;
    private final Runnable opened;
    private final Runnable closed;

    private final ConcurrentMap<OpenTransaction, TransactionHold> holds = new ConcurrentHashMap<>();
    private final ThreadLocal<List<TransactionHold>> given = new ThreadLocal<>();

    /** @param opened hears of each hold, and {@code closed} of its end */
    TransactionHolds(OpenTransactions transactions, Runnable opened, Runnable closed) {
        this.transactions = transactions;
        this.opened = opened;
        this.closed = closed;
    }

    /**
     * Lets this thread's open transactions keep what a scope relied on that is about to leave it.
     *
     * @throws FloodlockFailure LOCK_LOST; not all of them keep it
     */
    void keep(Object mark, Scope scope) {
        List<? extends OpenTransaction> open;
        try {
            open = transactions.since(mark);
        } catch (RuntimeException | LinkageError e) {
            throw untold("Whether a transaction is open around this call can't be told", e);
        }
        FloodlockFailure untold = null;
        for (int i = 0; i < open.size(); i++) {
            try {
                TransactionHold hold = hold(open.get(i));
                hold.keep(scope.entries());
                hold.claim(scope.claims());
            } catch (FloodlockFailure e) {
                untold = e;
            }
        }
        if (untold != null) {
            throw untold;
        }
    }

    private static FloodlockFailure untold(String what, Throwable why) {
        return Failure.LOCK_LOST.because(
                what + ", so its locks are given back before it has ended: it must not commit. (" + why.getMessage()
                        + ")",
                why);
    }

    private TransactionHold hold(OpenTransaction transaction) {
        TransactionHold known = holds.get(transaction);
        if (known != null) {
            return known;
        }
        TransactionHold made = new TransactionHold();
        known = holds.putIfAbsent(transaction, made);
        if (known != null) {
            return known;
        }
        opened.run();
        give(made);
        try {
            transaction.onEnd(new OpenTransaction.Keeper() {
                @Override
                public void verify() {
                    FloodlockFailure loss = made.loss();
                    if (loss != null) {
                        throw loss;
                    }
                }

                @Override
                public void ended(boolean known) {
                    end(transaction, made, known);
                }
            });
            if (!transaction.open()) {
                end(transaction, made, true);
            }
        } catch (RuntimeException | LinkageError e) {
            end(transaction, made, true);
            if (transaction.open()) {
                throw untold(transaction + " around this call does not tell of its end", e);
            }
        }
        return made;
    }

    private void end(OpenTransaction transaction, TransactionHold hold, boolean outcomeKnown) {
        if (!holds.remove(transaction, hold)) {
            return;
        }
        take(hold);
        List<String> names = hold.end();
        closed.run();
        if (!outcomeKnown) {
            log.warn(
                    "Whether {} was committed is unknown: its locks {} are free now, and what it wrote may still appear",
                    transaction,
                    names);
        }
    }

    /** What {@link #keep} wants to know of the time when a scope was opened. */
    Object mark() {
        return transactions.mark();
    }

    /** Whether any may be around any thread. */
    boolean any() {
        return !holds.isEmpty();
    }

    /** Whether one is around this thread and passes the test. */
    boolean anyAround(Predicate<? super KeyKeeper> test) {
        if (holds.isEmpty()) {
            return false;
        }
        List<TransactionHold> here = given.get();
        for (int i = 0; here != null && i < here.size(); i++) {
            if (!here.get(i).ended() && test.test(here.get(i))) {
                return true;
            }
        }
        for (OpenTransaction transaction : transactions.ofThread()) {
            TransactionHold hold = holds.get(transaction);
            if (hold != null && (here == null || !here.contains(hold)) && test.test(hold)) {
                return true;
            }
        }
        return false;
    }

    private void give(TransactionHold hold) {
        List<TransactionHold> here = given.get();
        if (here == null) {
            here = new ArrayList<>(2);
            given.set(here);
        } else {
            // those that other threads have ended
            here.removeIf(TransactionHold::ended);
        }
        here.add(hold);
    }

    private void take(TransactionHold hold) {
        List<TransactionHold> here = given.get();
        if (here != null) {
            here.remove(hold);
            if (here.isEmpty()) {
                given.remove();
            }
        }
    }
}
