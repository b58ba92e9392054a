package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.store.LockFailures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The keys that one call holds, from before its body to its end; the implementation of {@code LockScope}. While the
 * scope is open, its keys are held, unless {@link #loss()} reports a failure. {@code LeaseLockEngine} and
 * {@code AsyncAcquisition} make it, fill it and open it; the code around the call closes it. Read the state
 * description below first, then {@code ScopeStack} for scopes inside each other and {@code TransactionHold} for
 * transactions that outlive a scope. Thread-safe once open.
 */
public final class Scope extends ThreadScopes.Frame implements LockScope, KeyKeeper {

    /*
     * MAKING   One acquisition fills the scope, under the acquisition's own rules. Nothing else has a reference to
     *          the scope.
     * OPEN     The set of Holdings does not change any more.
     * CLOSED   Final; the first close() decides. The scope relies on no Holding any more. For scopes inside it, the
     *          lookup continues with the scopes around it.
     *
     * Independently of these states a scope may be lost, which is final too: a Holding that it relies on was not held
     * at a moment when a caller checked, or its maxHold has passed. A lost scope stays open until it is closed, and
     * keeps the keys that it still has: other callers may have to wait for those keys, but nobody runs under them at
     * the same time as this scope's code.
     *
     * If a transaction of the application is open when a scope is closed, the transaction keeps the Holdings by
     * references of its own (TransactionHold). It takes these references before the scope gives up its own.
     *
     * A Holding is shared by the scopes that rely on it, and counts one reference for each. So it leaves the lock
     * when the last of these scopes closes, in any order and on any threads. When its maxHold has passed, a scope
     * evicts the Holdings that it acquired itself, whatever their number of references, and every scope that relies
     * on them is lost. It does not evict Holdings that it re-entered, because they belong to another scope. The
     * eviction happens even if the scope has closed by then and other scopes still rely on one of its Holdings:
     * maxHold bounds how long the key is held.
     *
     * close() and the end of maxHold may run at the same time. Each of them leaves a Holding once, and the lock lets
     * a Holding go only once. If close() is first, the expiry is not reported.
     *
     * One scope object is made for each call, so it is small: each Holding is linked to the one acquired before it,
     * and fields that most scopes do not need are in a separate object (Further).
     */

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(Scope.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ScopeStack stack;
    private final LockTerms terms;
    private List<LockRequest> requests = List.of();

    /** The innermost open scope around the request for this scope; null if there was none. */
    private volatile Scope outer;

    /**
     * The key that this scope acquired last; it links to the ones acquired before. Re-entered keys are not in this
     * chain.
     */
    private Holding own;

    /** Null if none of its fields is needed. Created only before the scope is open. */
    private volatile Further further;

    private volatile boolean closed;

    /** Whether {@link OpenScopes} counts this scope as open. */
    private boolean counted;

    /**
     * Why the scope is lost; null if it is not. Once reported as lost, it stays lost, even if a later renewal
     * resolves the doubt.
     */
    private volatile String lost;

    /** Fields that most scopes do not need. */
    private static final class Further {

        /** Keys of scopes or transactions around it that this scope re-entered. */
        List<Holding> reentered = List.of();

        /** Null if the scope is not fenced. */
        final ScopeClaims claims;

        /** Identifies the transactions that were open when the scope was opened; see {@code OpenTransactions.mark}. */
        Object mark;

        /** Null if the scope has no {@code maxHold}. */
        HoldLimit limit;

        Further(ScopeClaims claims) {
            this.claims = claims;
        }
    }

    /** @param here the scopes of the thread that requests this one */
    public Scope(ScopeStack stack, ThreadScopes here, LockTerms terms) {
        this.stack = stack;
        this.terms = terms;
        if (terms.fenced()) {
            further = new Further(new ScopeClaims());
        }
        this.outer = here.current();
        if (outer != null) {
            outer.forgetClosed();
        }
    }

    /** Called only before the scope is open. */
    private Further further() {
        if (further == null) {
            further = new Further(null);
        }
        return further;
    }

    /** Sets the requested keys, before the first of them is acquired. */
    public void want(List<LockRequest> wanted) {
        requests = wanted;
    }

    public List<LockRequest> requests() {
        return requests;
    }

    public LockTerms terms() {
        return terms;
    }

    public String site() {
        return terms.site();
    }

    /** Whether no scope and no transaction that may hold keys is around the request for this scope. */
    public boolean alone() {
        return outer == null && !stack.keptAround();
    }

    /** The innermost open scope around it, or null. */
    public Scope outer() {
        Scope open = outer;
        while (open != null && open.closed()) {
            open = open.outer;
        }
        return open;
    }

    /**
     * Drops closed outer scopes. Without this, a chain of calls in which each begins inside the previous one and
     * outlives it would keep all their scopes in memory.
     */
    private void forgetClosed() {
        outer = outer();
    }

    boolean closed() {
        return closed;
    }

    /** Adds the next acquired key, in the order of acquisition. */
    public void add(Holding entry) {
        entry.setTakenBefore(own);
        own = entry;
    }

    /**
     * Marks its keys as held by a scope that a thread opens and will close; such a thread may be made to wait as it
     * closes the scope.
     */
    public void byThread() {
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            entry.setByThread();
        }
    }

    /** Adds a key of a scope or transaction around it. The caller has retained it for this scope. */
    public void reenter(Holding entry) {
        Further kept = further();
        List<Holding> all = new ArrayList<>(kept.reentered);
        all.add(entry);
        kept.reentered = all;
    }

    /**
     * All keys that it relies on: first the keys that it acquired itself, in the order of acquisition, then those
     * that it re-entered.
     */
    public List<Holding> entries() {
        List<Holding> all = owned();
        all.addAll(reentered());
        return all;
    }

    /** The keys that it acquired itself, in the order of acquisition. */
    List<Holding> owned() {
        List<Holding> all = new ArrayList<>(2);
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            all.add(entry);
        }
        Collections.reverse(all);
        return all;
    }

    /** The key that it acquired last, linked to the ones acquired before; null if it acquired none itself. */
    Holding lastOwned() {
        return own;
    }

    private List<Holding> reentered() {
        Further kept = further;
        return kept == null ? List.of() : kept.reentered;
    }

    /**
     * Opens the scope when all its keys are held. From now on the caller must {@link #close} it, and {@code maxHold}
     * counts.
     *
     * @param expired called once if {@code maxHold} passes while the scope is open
     */
    public void open(Runnable expired) {
        if (terms.fenced()) {
            further().claims.make(entries(), terms);
            stack.fenced();
        }
        Object mark = stack.mark();
        if (mark != null) {
            further().mark = mark;
        }
        stack.open().opened();
        counted = true;
        if (terms.maxHold() != null) {
            further().limit = new HoldLimit(this, stack.services(), expired);
        }
    }

    @Override
    Scope scope() {
        return this;
    }

    @Override
    boolean over() {
        return closed;
    }

    /** Empty if the scope is not fenced. */
    @Override
    public List<FenceClaim> claims() {
        Further kept = further;
        return kept == null || kept.claims == null ? List.of() : kept.claims.all();
    }

    @Override
    public Holding entry(String name) {
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        for (Holding entry : reentered()) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public long token() {
        return ScopeTokens.only(this);
    }

    @Override
    public long token(String name) {
        return ScopeTokens.named(this, name);
    }

    @Override
    public void verify() {
        FloodlockFailure why = loss();
        if (why != null && !closed()) {
            throw why;
        }
    }

    /** To be called on an open scope. Once it has reported a failure, it always reports that one. */
    @Override
    public FloodlockFailure loss() {
        String known = lost;
        if (known != null) {
            return Failure.LOCK_LOST.because(known);
        }
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            if (!entry.held()) {
                return lost(entry);
            }
        }
        Further kept = further;
        if (kept != null) {
            for (Holding entry : kept.reentered) {
                if (!entry.held()) {
                    return lost(entry);
                }
            }
        }
        return null;
    }

    private FloodlockFailure lost(Holding entry) {
        FloodlockFailure why = entry.lost();
        lost = why.getMessage();
        return why;
    }

    @Override
    public Entered enter() {
        return stack.enter(this);
    }

    /** Leaves every Holding that it relies on. */
    public void giveUp() {
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            entry.leave();
        }
        List<Holding> others = reentered();
        for (int i = others.size() - 1; i >= 0; i--) {
            others.get(i).leave();
        }
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            try {
                Further kept = further;
                stack.keep(kept == null ? null : kept.mark, this);
            } finally {
                end();
            }
        }
    }

    @Override
    public void release() {
        if (CLOSED.compareAndSet(this, false, true)) {
            end();
        }
    }

    /** As {@link #release()}, for a scope whose acquisition or opening failed part way. */
    public void abandon() {
        closed = true;
        end();
    }

    private void end() {
        try {
            giveUp();
        } finally {
            if (counted) {
                counted = false;
                stack.closed(this);
            }
        }
        Further kept = further;
        if (kept != null && kept.limit != null) {
            kept.limit.scopeClosed();
        }
    }

    /** Marks this scope as lost, for the given reason. */
    void lose(String why) {
        Holding first = own == null ? reentered().get(0) : owned().get(0);
        lost = LockFailures.lost(first.name(), why).getMessage();
    }
}
