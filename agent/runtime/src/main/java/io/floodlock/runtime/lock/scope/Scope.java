package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.store.LockFailures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The keys of one call. Thread-safe once open. */
public final class Scope extends ThreadScopes.Frame implements LockScope, KeyKeeper {

    /*
     * MAKING   filled by one acquisition, under its own rules; nobody else knows the scope.
     * OPEN     its entries don't change any more.
     * CLOSED   final, by the first close(): it relies on no entry, and scopes inside it see through to those around it.
     *
     * Beside that it may be lost, which is final too: something it relies on was not held at a moment when somebody asked, or
     * its maxHold has passed. A lost scope stays open until it is closed, and keeps what it still has: others may wait, but
     * nothing of it runs beside them.
     *
     * Where a transaction of the application's is open as a scope is closed, that transaction keeps the entries by references
     * of its own (TransactionHold), taken before the scope's are given up.
     *
     * An entry belongs to the scopes that rely on it, one reference each: so it is left when the last of them closes, in
     * whatever order and on whatever threads they do. Past its maxHold a scope evicts the entries that it made, references or
     * not, and those who rely on them are lost with it; entries that it re-entered are not its own to give back. The eviction
     * is due even where the scope has closed by then and others still rely on an entry of it: its maxHold bounds the key.
     *
     * close() and the end of maxHold may meet. Each leaves an entry once, and the lock lets an entry go once; if close() is
     * first, nobody is told of an expiry.
     *
     * One is made for each call, so it is small: an entry is chained to the one taken before it, and what most scopes don't
     * have stands apart (Further).
     */

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(Scope.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Duration TOKEN_PATIENCE = Duration.ofSeconds(3);

    private final ScopeStack stack;
    private final LockTerms terms;
    private List<LockRequest> requests = List.of();

    /** The scope around it when it was asked for. */
    private volatile Scope outer;

    /** The last taken of the keys that this scope holds itself. */
    private Holding own;

    /** Null for nothing. Made before it is open. */
    private volatile Further further;

    private volatile boolean closed;

    /** The stack knows that it is open. */
    private boolean counted;

    /** Why it is lost. Once told to be lost it stays so, even if a renewal clears a doubt. */
    private volatile String lost;

    /** What most scopes don't have. */
    private static final class Further {

        /** Keys of scopes around it that it relies on. */
        List<Holding> reentered = List.of();

        /** What it claims in databases, from {@link #open} on. */
        volatile List<FenceClaim> claims = List.of();

        /** Where it is fenced. */
        long askedNanos;

        /** Which transactions were open when it was opened. */
        Object mark;

        /** Where it has a {@code maxHold}. */
        HoldLimit limit;
    }

    /** @param here the thread that asks for it */
    public Scope(ScopeStack stack, ThreadScopes here, LockTerms terms) {
        this.stack = stack;
        this.terms = terms;
        if (terms.fenced()) {
            further().askedNanos = System.nanoTime();
        }
        this.outer = here.current();
        if (outer != null) {
            outer.forgetClosed();
        }
    }

    /** While it is made. */
    private Further further() {
        if (further == null) {
            further = new Further();
        }
        return further;
    }

    /** What it wants, before it has any of it. */
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

    /** Whether it is asked for inside of nothing that may hold keys. */
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

    /** Else a chain of calls, each begun inside the one before and outliving it, would keep them all. */
    private void forgetClosed() {
        outer = outer();
    }

    boolean closed() {
        return closed;
    }

    /** The next key in order is held. */
    public void add(Holding entry) {
        entry.setTakenBefore(own);
        own = entry;
    }

    /** A thread opens it and will close it. */
    public void byThread() {
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            entry.setByThread();
        }
    }

    public void reenter(Holding entry) {
        Further kept = further();
        List<Holding> all = new ArrayList<>(kept.reentered);
        all.add(entry);
        kept.reentered = all;
    }

    /** All that it relies on, its own first and in the order taken. */
    public List<Holding> entries() {
        List<Holding> all = owned();
        all.addAll(reentered());
        return all;
    }

    /** The keys that it holds itself, in the order taken. */
    List<Holding> owned() {
        List<Holding> all = new ArrayList<>(2);
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            all.add(entry);
        }
        Collections.reverse(all);
        return all;
    }

    private List<Holding> reentered() {
        Further kept = further;
        return kept == null ? List.of() : kept.reentered;
    }

    /** All keys are held: from now on {@link #close} is owed, and {@code maxHold} runs. */
    public void open(Runnable expired) {
        if (terms.fenced()) {
            further().claims = makeClaims();
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

    private List<FenceClaim> makeClaims() {
        AtomicLong left = new AtomicLong(terms.waitTime().toNanos() - (System.nanoTime() - further().askedNanos));
        List<FenceClaim> made = new ArrayList<>();
        for (Holding entry : entries()) {
            made.add(new ScopeClaim(entry, terms.site(), left));
        }
        return List.copyOf(made);
    }

    @Override
    Scope scope() {
        return this;
    }

    @Override
    boolean over() {
        return closed;
    }

    /** Empty where it isn't fenced. */
    @Override
    public List<FenceClaim> claims() {
        Further kept = further;
        return kept == null ? List.of() : kept.claims;
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
        Holding only = null;
        for (Holding entry : entries()) {
            if (entry.mode() == LockMode.EXCLUSIVE) {
                if (only != null) {
                    throw new IllegalStateException("This call holds several keys exclusively, '" + only.name()
                            + "' and '" + entry.name() + "' among them; name the one whose fencing token is meant");
                }
                only = entry;
            }
        }
        if (only == null) {
            throw new IllegalStateException("This call holds no key exclusively, so there is no fencing token");
        }
        return token(only);
    }

    @Override
    public long token(String name) {
        Holding entry = null;
        for (Scope scope = this; scope != null && entry == null; scope = scope.outer()) {
            entry = scope.entry(name);
        }
        if (entry == null || entry.mode() != LockMode.EXCLUSIVE) {
            throw new IllegalStateException("The key '" + name
                    + "' is not held exclusively by this call or one around it," + " so there is no fencing token");
        }
        return token(entry);
    }

    private long token(Holding entry) {
        if (closed()) {
            throw new IllegalStateException("The call that held '" + entry.name() + "' at " + terms.site()
                    + " has ended, so there is no fencing token");
        }
        return entry.token(TOKEN_PATIENCE);
    }

    @Override
    public void verify() {
        FloodlockFailure why = loss();
        if (why != null && !closed()) {
            throw why;
        }
    }

    /** To be asked of an open scope. */
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

    /** Gives back what it relies on. */
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

    /** As {@link #release()}, of one that may not have been opened, or not wholly. */
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
        if (kept != null && kept.limit != null && nothingLeft()) {
            kept.limit.cancel();
        }
    }

    private boolean nothingLeft() {
        for (Holding entry = own; entry != null; entry = entry.takenBefore()) {
            if (!entry.gone()) {
                return false;
            }
        }
        return true;
    }

    /** It is lost, for this reason, to all that rely on it. */
    void lose(String why) {
        Holding first = own == null ? reentered().get(0) : owned().get(0);
        lost = LockFailures.lost(first.name(), why).getMessage();
    }
}
