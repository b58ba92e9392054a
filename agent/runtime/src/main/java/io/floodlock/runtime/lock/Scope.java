package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of one call. Thread-safe once open. */
final class Scope implements LockScope, Place {

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
     */

    private static final Logger log = LoggerFactory.getLogger(Scope.class);
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
    private final Node node;
    private final LockTerms terms;
    private List<LockRequest> requests = List.of();

    /** The thread that asks for it. */
    final ScopeStack.Here here;

    /** The scope around it when it was asked for. */
    private volatile Scope outer;

    /** Keys that this scope holds itself, in the order taken, and those of scopes around it that it relies on. */
    private List<Entry> own = List.of();

    private List<Entry> reentered = List.of();

    private volatile boolean closed;

    /** Why it is lost. Once told to be lost it stays so, even if a renewal clears a doubt. */
    private volatile String lost;

    /** What it claims in databases, from {@link #open} on. */
    private volatile List<Claim> claims = List.of();

    /** Where it is fenced. */
    private final long askedNanos;

    /** Which transactions were open then. */
    private Object mark;

    private long openedNanos;
    private Timer.Task expiry;
    private Runnable onExpiry;

    Scope(ScopeStack stack, Node node, LockTerms terms) {
        this.stack = stack;
        this.node = node;
        this.terms = terms;
        this.askedNanos = terms.fenced() ? System.nanoTime() : 0;
        this.here = stack.here();
        this.outer = here.current();
        if (outer != null) {
            outer.forgetClosed();
        }
    }

    /** What it wants, before it has any of it. */
    void want(List<LockRequest> wanted) {
        requests = wanted;
    }

    List<LockRequest> requests() {
        return requests;
    }

    String site() {
        return terms.site();
    }

    /** Whether it is asked for inside of nothing that may hold keys. */
    boolean alone() {
        return outer == null && !stack.keptAround();
    }

    /** The innermost open scope around it, or null. */
    Scope outer() {
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

    void add(Entry entry) {
        own = with(own, entry);
    }

    /** Most scopes hold one. */
    private static List<Entry> with(List<Entry> some, Entry more) {
        if (some.isEmpty()) {
            return List.of(more);
        }
        List<Entry> all = some instanceof ArrayList<Entry> grown ? grown : new ArrayList<>(some);
        all.add(more);
        return all;
    }

    /** A thread opens it and will close it. */
    void ofThread() {
        for (int i = 0; i < own.size(); i++) {
            own.get(i).ofThread = true;
        }
    }

    void reenter(Entry entry) {
        reentered = with(reentered, entry);
    }

    /** All keys are held: from now on {@link #close} is owed, and {@code maxHold} runs. */
    void open(Runnable expired) {
        if (terms.fenced()) {
            claims = makeClaims();
            stack.fenced();
        }
        stack.opened();
        mark = stack.mark();
        if (terms.maxHold() != null) {
            openedNanos = System.nanoTime();
            onExpiry = expired;
            expiry = node.timer().after(terms.maxHold().toNanos(), this::expire);
        }
    }

    private List<Claim> makeClaims() {
        AtomicLong left = new AtomicLong(terms.waitTime().toNanos() - (System.nanoTime() - askedNanos));
        List<Claim> made = new ArrayList<>(own.size() + reentered.size());
        for (List<Entry> entries : List.of(own, reentered)) {
            for (Entry entry : entries) {
                made.add(new ScopeClaim(entry, terms.site(), left));
            }
        }
        return List.copyOf(made);
    }

    /** Empty where it isn't fenced. */
    @Override
    public List<Claim> claims() {
        return claims;
    }

    @Override
    public Entry entry(String name) {
        Entry entry = entry(own, name);
        return entry != null ? entry : entry(reentered, name);
    }

    private static Entry entry(List<Entry> entries, String name) {
        for (Entry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public long token() {
        Entry only = null;
        for (List<Entry> entries : List.of(own, reentered)) {
            for (Entry entry : entries) {
                if (entry.mode == Mode.EXCLUSIVE) {
                    if (only != null) {
                        throw new IllegalStateException("This call holds several keys exclusively, '" + only.name()
                                + "' and '" + entry.name() + "' among them; name the one whose fencing token is meant");
                    }
                    only = entry;
                }
            }
        }
        if (only == null) {
            throw new IllegalStateException("This call holds no key exclusively, so there is no fencing token");
        }
        return token(only);
    }

    @Override
    public long token(String name) {
        Entry entry = null;
        for (Scope scope = this; scope != null && entry == null; scope = scope.outer()) {
            entry = scope.entry(name);
        }
        if (entry == null || entry.mode != Mode.EXCLUSIVE) {
            throw new IllegalStateException("The key '" + name
                    + "' is not held exclusively by this call or one around it," + " so there is no fencing token");
        }
        return token(entry);
    }

    private long token(Entry entry) {
        if (closed()) {
            throw new IllegalStateException("The call that held '" + entry.name() + "' at " + terms.site()
                    + " has ended, so there is no fencing token");
        }
        return entry.hold.lock.drawing().token(entry, TOKEN_PATIENCE);
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
        FloodlockFailure why = loss(own);
        return why != null ? why : loss(reentered);
    }

    private FloodlockFailure loss(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (!entry.held()) {
                FloodlockFailure why = entry.lost();
                lost = why.getMessage();
                return why;
            }
        }
        return null;
    }

    @Override
    public Entered enter() {
        return stack.enter(this);
    }

    /** Gives back what it relies on, without having been opened. */
    void giveUp() {
        leave(own);
        leave(reentered);
    }

    private static void leave(List<Entry> entries) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            entries.get(i).leave();
        }
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            try {
                stack.keep(mark, own, reentered, claims);
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

    private void end() {
        stack.closed(this);
        giveUp();
        if (expiry != null && nothingLeft()) {
            expiry.cancel();
        }
    }

    private boolean nothingLeft() {
        for (Entry entry : own) {
            if (!entry.gone()) {
                return false;
            }
        }
        return true;
    }

    /** On the timer's thread: {@code maxHold} has passed. */
    private void expire() {
        List<String> names = new ArrayList<>();
        for (Entry entry : own) {
            if (!entry.gone()) {
                names.add(entry.name());
            }
        }
        boolean open = !closed();
        if (!open && names.isEmpty()) {
            return;
        }
        String why = Messages.expired(terms, System.nanoTime() - openedNanos);
        // first, as another may be inside as soon as an entry has left
        Entry first = own.isEmpty() ? reentered.get(0) : own.get(0);
        lost = Messages.lost(first.name(), why).getMessage();
        for (Entry entry : own) {
            if (!entry.gone()) {
                entry.evict(why);
            }
        }
        node.agentThreads().execute(() -> {
            log.warn("The locks {} are given back: {}. Its commits are vetoed and it fails.", names, why);
            for (String name : names) {
                node.events().lockLost(name, why);
            }
        });
        if (open) {
            onExpiry.run();
        }
    }
}
