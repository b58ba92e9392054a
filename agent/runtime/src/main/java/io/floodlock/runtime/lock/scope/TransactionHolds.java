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

/**
 * The keys that the application's open transactions keep after the scopes in them have closed: one
 * {@code TransactionHold} for each transaction. When a scope closes inside an open transaction, its keys stay held
 * until that transaction ends; if that cannot be ensured, the closing call fails. {@code ScopeStack} calls it.
 * Thread-safe.
 */
final class TransactionHolds {

    /*
     * A thread finds a TransactionHold in two ways:
     *   - By the transaction, if it is one of those in which the thread's statements would run now. So a connection
     *     that is handed to another thread brings its keys along.
     *   - By a list of the thread itself, if a scope that closed on this thread created the hold. A transaction that
     *     is suspended while a new one runs inside it keeps its keys, and waiting for them would mean waiting for
     *     this thread.
     *
     * The first scope that closes in a transaction creates its TransactionHold, which ends with the transaction. The
     * transaction may end on another thread after it was found open and before it was asked to report its end. So it
     * is asked once more afterwards whether it is open.
     *
     * If a transaction cannot report whether it is open or when it ends, its keys cannot be kept until then. The
     * scope gives them back and fails, so that its call fails, and with it the transaction. Returning normally would
     * let the next holder in before the commit.
     */

    private static final Logger log = LoggerFactory.getLogger(TransactionHolds.class);

    private final OpenTransactions transactions;
    private final Runnable opened;
    private final Runnable closed;

    private final ConcurrentMap<OpenTransaction, TransactionHold> holds = new ConcurrentHashMap<>();
    private final ThreadLocal<List<TransactionHold>> ofThread = new ThreadLocal<>();

    /**
     * @param opened called when a TransactionHold is created
     * @param closed called when it has ended
     */
    TransactionHolds(OpenTransactions transactions, Runnable opened, Runnable closed) {
        this.transactions = transactions;
        this.opened = opened;
        this.closed = closed;
    }

    /**
     * Lets this thread's open transactions keep the keys of a scope that is about to leave them.
     *
     * @throws FloodlockFailure LOCK_LOST if at least one of the transactions cannot keep them
     */
    void keep(Object mark, Scope scope) {
        List<? extends OpenTransaction> open;
        try {
            open = transactions.since(mark);
        } catch (RuntimeException | LinkageError e) {
            throw notKept("Floodlock cannot find out whether a transaction is open around this call", e);
        }
        FloodlockFailure failure = null;
        for (int i = 0; i < open.size(); i++) {
            try {
                TransactionHold hold = hold(open.get(i));
                hold.keep(scope.entries());
                hold.claim(scope.claims());
            } catch (FloodlockFailure e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static FloodlockFailure notKept(String what, Throwable why) {
        return Failure.LOCK_LOST.because(
                what + ", so the locks are released before the transaction has ended. It must not commit. ("
                        + why.getMessage() + ")",
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
        addToThread(made);
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
                throw notKept(transaction + " around this call does not report when it ends", e);
            }
        }
        return made;
    }

    private void end(OpenTransaction transaction, TransactionHold hold, boolean outcomeKnown) {
        if (!holds.remove(transaction, hold)) {
            return;
        }
        removeFromThread(hold);
        List<String> names = hold.end();
        closed.run();
        if (!outcomeKnown) {
            log.warn(
                    "It is unknown whether {} was committed. Its locks {} are free now, and its writes may still become"
                            + " visible.",
                    transaction,
                    names);
        }
    }

    /** The mark that {@link #keep} needs from the time when a scope was opened. */
    Object mark() {
        return transactions.mark();
    }

    /** Whether any transaction of this JVM keeps keys. */
    boolean any() {
        return !holds.isEmpty();
    }

    /** Whether a TransactionHold is around this thread and passes the test. */
    boolean anyAround(Predicate<? super KeyKeeper> test) {
        if (holds.isEmpty()) {
            return false;
        }
        List<TransactionHold> here = ofThread.get();
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

    private void addToThread(TransactionHold hold) {
        List<TransactionHold> here = ofThread.get();
        if (here == null) {
            here = new ArrayList<>(2);
            ofThread.set(here);
        } else {
            // removes holds whose transactions ended on other threads
            here.removeIf(TransactionHold::ended);
        }
        here.add(hold);
    }

    private void removeFromThread(TransactionHold hold) {
        List<TransactionHold> here = ofThread.get();
        if (here != null) {
            here.remove(hold);
            if (here.isEmpty()) {
                ofThread.remove();
            }
        }
    }
}
