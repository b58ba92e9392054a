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

/** What is around each thread: its scopes, innermost first, and what its transactions keep. A new thread inherits none. */
public final class ScopeStack {

    /*
     * Two orders meet on a thread. A scope has been asked for inside another, its outer scope, wherever its code runs now; and
     * it is on a thread above what was there before, which may be quite another call in whose extent this code happens to run.
     * Keys of both are re-entered: to wait for the outer scope would be to wait for whom waits for us, and to wait for the one
     * below would be to wait for this very thread. Commits are vetoed if any of them is lost.
     *
     * Transactions of the application's own keep the keys of scopes that were closed in them. They are around a thread too,
     * outside all of its scopes, as long as they are open.
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

    /** Lets this thread's open transactions keep what a scope relied on, or fails. */
    void keep(Object mark, Scope scope) {
        kept.keep(mark, scope);
    }

    /** To be given to {@link #keep} by a scope that is opened now. */
    Object mark() {
        return kept.mark();
    }

    /** Whether anything around this thread may hold keys. */
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

    /** How an open scope around this thread holds a key, to be re-entered; null if none does. */
    public Holding reentrant(LockRequest request, String site) {
        Holding[] found = new Holding[1];
        anyAround(place -> {
            Holding entry = place.entry(request.name());
            if (entry == null || !entry.inside()) {
                return false;
            }
            FloodlockFailure loss = place.loss();
            if (loss != null) {
                // to wait for the key would be to wait for this scope
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

    public void verify() {
        anyAround(place -> {
            FloodlockFailure loss = place.loss();
            if (loss != null && !(place instanceof Scope scope && scope.closed())) {
                throw loss;
            }
            return false;
        });
    }

    /** What the fenced ones among those around this thread claim, innermost first. */
    public List<FenceClaim> claims() {
        return anyFenced ? collectClaims() : List.of();
    }

    private List<FenceClaim> collectClaims() {
        Collected collected = new Collected();
        anyAround(collected);
        return collected.claims;
    }

    /** One list is passed on as it is, so that who asks again sees that nothing has changed. */
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

    /** A scope that claims has been opened in this JVM: from now on threads are looked at. */
    void fenced() {
        anyFenced = true;
    }

    /** Looks at open scopes first, then at what transactions keep. */
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
