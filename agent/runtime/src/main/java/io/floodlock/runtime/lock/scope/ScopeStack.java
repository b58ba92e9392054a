package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Everything around each thread that may hold keys: its open scopes, innermost first, and the application's
 * transactions that keep keys of closed scopes. It decides which keys a call re-enters instead of waiting for them,
 * and which losses veto a commit. The lock engine calls it for every acquisition, commit check and fence claim. A new
 * thread inherits no scopes. Read {@code ThreadScopes} for the frames of one thread, and {@code TransactionHolds} for
 * transactions. Thread-safe.
 */
public final class ScopeStack {

    /*
     * A scope has two kinds of surroundings, and they can differ. First, it was requested inside another scope, its
     * outer scope, on whichever thread its code runs now. Second, it is on a thread's stack above the scopes that
     * were there before, which may belong to an unrelated call that happens to run this code. Keys of both kinds are
     * re-entered. Waiting for a key of the outer scope would be a deadlock, because that scope waits for this one.
     * Waiting for a key of the scope below would be a deadlock, because that scope needs this thread. Commits are
     * vetoed if any of these scopes is lost.
     *
     * Transactions of the application keep the keys of scopes that were closed in them. While they are open, they too
     * are around a thread, outside all of its scopes.
     */

    private final ThreadLocal<ThreadScopes> threads = new ThreadLocal<>() {
        @Override
        protected ThreadScopes initialValue() {
            return new ThreadScopes();
        }
    };

    private final Services services;
    private final OpenScopes open;
    private final TransactionHolds kept;

    private volatile boolean anyFenced;

    private final class EnteredFrame extends ThreadScopes.Frame implements LockScope.Entered {
        private final Scope scope;
        private final Thread thread = Thread.currentThread();
        private boolean left;

        EnteredFrame(Scope scope) {
            this.scope = scope;
        }

        @Override
        Scope scope() {
            return scope;
        }

        @Override
        boolean over() {
            return left;
        }

        @Override
        public void close() {
            if (Thread.currentThread() == thread && !left) {
                left = true;
                here().takeOff(this);
            }
        }
    }

    public ScopeStack(Services services, BooleanSupplier closing, OpenTransactions transactions) {
        this.services = services;
        this.open = new OpenScopes(closing);
        this.kept = new TransactionHolds(transactions, open::opened, open::closed);
    }

    Services services() {
        return services;
    }

    /**
     * Lets this thread's open transactions keep the keys of a scope that is being closed; fails with LOCK_LOST if one
     * of them cannot keep them until it ends.
     */
    void keep(Object mark, Scope scope) {
        kept.keep(mark, scope);
    }

    /** A mark that a scope takes when it is opened, and passes to {@link #keep} when it is closed. */
    Object mark() {
        return kept.mark();
    }

    /** Whether a scope or a transaction around this thread may hold keys. */
    public boolean isInAny() {
        return current() != null || keptAround();
    }

    /** Whether a transaction around this thread keeps keys. */
    boolean keptAround() {
        return kept.any() && kept.anyAround(place -> true);
    }

    /** The innermost open scope of this thread, or null. */
    public Scope current() {
        return here().current();
    }

    public ThreadScopes here() {
        return threads.get();
    }

    /**
     * The Holding by which a scope or transaction around this thread holds a key, retained for the caller; null if
     * none holds it.
     *
     * @throws FloodlockFailure if that scope or transaction is lost, or holds the key shared where it is requested
     *     exclusively
     */
    public Holding reentrant(LockRequest request, String site) {
        Holding[] found = new Holding[1];
        anyAround(place -> {
            Holding entry = place.entry(request.name());
            if (entry == null || !entry.inside()) {
                return false;
            }
            FloodlockFailure loss = place.loss();
            if (loss != null) {
                // waiting for the key would mean waiting for this scope, which waits for the caller
                throw loss;
            }
            if (request.mode() == LockMode.EXCLUSIVE && entry.mode() == LockMode.SHARED) {
                throw LockFailures.upgrade(request.name(), site);
            }
            if (!entry.retain()) {
                return false;
            }
            found[0] = entry;
            return true;
        });
        return found[0];
    }

    /** The open scopes around this thread. */
    public List<Scope> around() {
        List<Scope> open = new ArrayList<>();
        anyAround(place -> {
            if (place instanceof Scope scope) {
                open.add(scope);
            }
            return false;
        });
        return open;
    }

    /** Fails with the loss of the first open scope or transaction around this thread that is lost. */
    public void verify() {
        anyAround(place -> {
            FloodlockFailure loss = place.loss();
            if (loss != null && !(place instanceof Scope scope && scope.closed())) {
                throw loss;
            }
            return false;
        });
    }

    /** The claims of the fenced scopes and transactions around this thread, innermost first, each Holding once. */
    public List<FenceClaim> claims() {
        return anyFenced ? collectClaims() : List.of();
    }

    private List<FenceClaim> collectClaims() {
        Collected collected = new Collected();
        anyAround(collected);
        return collected.claims;
    }

    /**
     * Collects the claims. If there is only one list of claims, it is returned as it is, so that a caller that asks
     * again sees by identity that nothing has changed.
     */
    private static final class Collected implements Predicate<KeyKeeper> {
        private List<FenceClaim> claims = List.of();
        private boolean own;

        @Override
        public boolean test(KeyKeeper place) {
            List<FenceClaim> more = place.claims();
            if (more.isEmpty() || more == claims) {
                return false;
            }
            if (claims.isEmpty()) {
                claims = more;
                return false;
            }
            if (!own) {
                claims = new ArrayList<>(claims);
                own = true;
            }
            for (FenceClaim claim : more) {
                if (claims.stream().noneMatch(known -> sameEntry(known, claim))) {
                    claims.add(claim);
                }
            }
            return false;
        }

        private static boolean sameEntry(FenceClaim one, FenceClaim other) {
            return ((ScopeClaim) one).entry() == ((ScopeClaim) other).entry();
        }
    }

    /** A fenced scope has been opened in this JVM: from now on {@link #claims()} inspects threads. */
    void fenced() {
        anyFenced = true;
    }

    /**
     * Applies the test to open scopes first, then to the transactions that keep keys; stops at the first that passes.
     */
    private boolean anyAround(Predicate<KeyKeeper> test) {
        for (ThreadScopes.Frame frame = here().live(); frame != null; frame = frame.below()) {
            Scope scope = frame.scope();
            if (!scope.closed() && test.test(scope)) {
                return true;
            }
            Scope outer = scope.outer();
            boolean next = frame.below() != null && frame.below().scope() == outer;
            for (; outer != null && !next; outer = outer.outer()) {
                if (test.test(outer)) {
                    return true;
                }
            }
        }
        return kept.any() && kept.anyAround(test);
    }

    LockScope.Entered enter(Scope scope) {
        EnteredFrame frame = new EnteredFrame(scope);
        here().push(frame);
        return frame;
    }

    public OpenScopes open() {
        return open;
    }

    void closed(Scope scope) {
        here().closed(scope);
        open.closed();
    }
}
