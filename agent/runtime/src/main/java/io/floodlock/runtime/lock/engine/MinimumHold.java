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

/**
 * The minimum hold of one scope: keeps the scope's exclusive keys taken for {@code minHold}, even if the scope ends
 * before. Acquisitions by threads and asynchronous ones record it after they hold all keys and before the body runs.
 * Once it is recorded, no way to end the call, the thread or the JVM shortens it; it is as durable as Redis is.
 * Thread-safe.
 */
final class MinimumHold {

    /*
     * A minimum hold serves work that must not be repeated too soon: for example a scheduled job that a node with a
     * late clock would begin when the first node has finished. So the minimum hold must outlast the scope, the thread
     * and the JVM, and only Redis keeps it:
     *
     *   taken      All keys are held, and nothing of the body has run.
     *   last turn  Each grant is closed to all other scopes of this JVM: when this scope has left, the grant goes
     *              back to Redis, where the next caller requests the key. So the minimum hold needs no second guard
     *              in this JVM.
     *   recorded   In Redis a second hold stands beside each grant. It belongs to a session that expires when the
     *              minimum hold is over and that nobody renews or closes (minhold.lua). Then the body runs.
     *   left       The scope's own grant is given back as always. The recorded hold stays until its time is over.
     *
     * It is recorded before the body, so that no way to end the call can miss it: a return, an exception, maxHold, a
     * lost lease, SIGTERM and kill -9 all leave it in place. The price is one more call to Redis. If Redis does not
     * answer that call, the body does not run: the keys are given back, and may stay taken for the time all the same,
     * because the call may have arrived.
     *
     * A key that an outer scope holds is also kept for this scope's time, because for Redis it is the same hold. If a
     * transaction keeps the keys of closed scopes, it keeps the scope's own grant; code in the transaction re-enters
     * that grant, whatever is recorded beside it.
     *
     * Losing the record means losing a write of the session (its version has been raised). That ends the session if
     * it is found before the scope ends. After that no check is made: the minimum hold is as durable as Redis is.
     */

    private final Scope scope;
    private final CompletableFuture<Void> recorded;

    private MinimumHold(Scope scope, CompletableFuture<Void> recorded) {
        this.scope = scope;
        this.recorded = recorded;
    }

    /** Begins to record the minimum hold of a scope that holds all its keys and is not open yet. */
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

    /** Calls {@code then} once: with null when the minimum hold is recorded, else with the failure. */
    void whenKnown(Consumer<FloodlockFailure> then) {
        recorded.whenComplete((done, failure) -> then.accept(failure == null ? null : failure(failure)));
    }

    /** Waits until the minimum hold is recorded; fails after three seconds without an answer. */
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
                : Failure.UNAVAILABLE.because("The minHold of a call could not be recorded in Redis: " + cause, cause);
    }
}
