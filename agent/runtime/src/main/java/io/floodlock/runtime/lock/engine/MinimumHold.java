package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.scope.Scope;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.LockStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Lets the keys of one scope stay taken for a time, though the scope ends before. */
final class MinimumHold {

    /*
     * A minimum hold serves work that is not to be repeated too soon, as a scheduled job that a node with a late clock
     * begins when the first node has finished. So it must outlast the scope, the thread and the JVM, and is kept by
     * Redis alone:
     *
     *   taken      all keys are held, nothing of the body has run
     *   last turn  each hold is closed to all others of this JVM: when the scope has left it goes back to Redis, where
     *              whoever wants the key asks. So the minimum hold needs no second guard in this JVM
     *   recorded   in Redis a second hold stands beside each of them, by a session that expires when the time is over
     *              and that nobody renews or closes (minhold.lua). Then the body runs
     *   left       the scope's own hold is given back as always; the recorded one stays until its time is over
     *
     * It is recorded before the body, so that no way to end can miss it: a return, an exception, maxHold, a lost
     * lease, SIGTERM and kill -9 all leave it in place. The price is one more call of Redis. Where that is not
     * answered the body does not run: the keys are given back, and may be taken for the time all the same, as the call
     * may have arrived.
     *
     * A key that a scope around holds is kept for this scope's time too: for Redis it is the same hold. Transactions
     * that keep the keys of closed scopes keep the scope's own hold; who is in the transaction re-enters that,
     * whatever is recorded beside it.
     *
     * Losing the record is losing a write of the session (its version has been raised), which ends the session if it
     * is found before the scope ends. After that nobody looks: the minimum hold is as durable as Redis is.
     */

    private final Scope scope;
    private final CompletableFuture<Void> recorded;

    private MinimumHold(Scope scope, CompletableFuture<Void> recorded) {
        this.scope = scope;
        this.recorded = recorded;
    }

    /** Of a scope with all its keys that is not open yet. */
    static MinimumHold record(Scope scope) {
        return new MinimumHold(
                scope,
                CompletableFuture.allOf(scope.entries().stream()
                        .filter(entry -> entry.mode() == LockMode.EXCLUSIVE)
                        .map(entry -> record(entry, scope.terms()))
                        .toArray(CompletableFuture[]::new)));
    }

    private static CompletableFuture<Void> record(Holding entry, LockTerms terms) {
        CompletableFuture<Void> known = new CompletableFuture<>();
        String purpose = entry.who() + " for its minHold of " + terms.minHold().toMillis() + " ms";
        entry.keepTaken(terms.minHold(), purpose, (kept, failure) -> {
            if (failure != null) {
                known.completeExceptionally(failure);
            } else if (kept) {
                known.complete(null);
            } else {
                known.completeExceptionally(LockFailures.notKept(entry.name(), terms.site()));
            }
        });
        return known;
    }

    /** Hears why it is not recorded, or null, once. */
    void whenKnown(Consumer<FloodlockFailure> then) {
        recorded.whenComplete((done, failure) -> then.accept(failure == null ? null : failure(failure)));
    }

    /** Waits until it is recorded, or fails. */
    void await(LockStore store) {
        try {
            recorded.get(Acquisition.ANSWER_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw LockFailures.unanswered(
                    store.address(), scope.requests().get(0).name(), scope.site());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LockFailures.interrupted(scope.requests().get(0), scope.site());
        }
    }

    private static FloodlockFailure failure(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cause instanceof FloodlockFailure known
                ? known
                : Failure.UNAVAILABLE.because("A minimum hold could not be recorded: " + cause, cause);
    }
}
