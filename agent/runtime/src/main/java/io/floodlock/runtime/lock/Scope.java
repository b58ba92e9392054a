package io.floodlock.runtime.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of one call. Used by its thread only. */
final class Scope implements LockScope {

    private static final Duration TOKEN_PATIENCE = Duration.ofSeconds(3);

    private final ScopeStack stack;
    private final Scope outer;

    /** Keys that this scope holds itself, in the order taken, and those of scopes around it that it relies on. */
    private final List<Entry> own = new ArrayList<>(2);

    private final List<Entry> reentered = new ArrayList<>(0);

    /** Once told to be lost it stays so, even if a renewal clears a doubt. */
    private boolean lost;

    private boolean closed;

    Scope(ScopeStack stack, Scope outer) {
        this.stack = stack;
        this.outer = outer;
    }

    Scope outer() {
        return outer;
    }

    void add(Entry entry) {
        own.add(entry);
    }

    void reenter(Entry entry) {
        reentered.add(entry);
    }

    /** How this scope itself holds a key; null if it doesn't. */
    private Entry own(String name) {
        for (Entry entry : own) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /** How this scope or one around it holds a key; null if none does. */
    Entry find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Entry entry = scope.own(name);
            if (entry != null) {
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
        return only.hold.lock.token(only, TOKEN_PATIENCE);
    }

    @Override
    public long token(String name) {
        Entry entry = find(name);
        if (entry == null || entry.mode != Mode.EXCLUSIVE) {
            throw new IllegalStateException("The key '" + name
                    + "' is not held exclusively by this call or one around it," + " so there is no fencing token");
        }
        return entry.hold.lock.token(entry, TOKEN_PATIENCE);
    }

    @Override
    public void verify() {
        verify(own);
        verify(reentered);
    }

    private void verify(List<Entry> entries) {
        for (Entry entry : entries) {
            if (lost || !entry.held()) {
                lost = true;
                throw Messages.lost(entry.name());
            }
        }
    }

    /** Gives back what it holds itself, without touching the stack. */
    void giveUp() {
        for (int i = own.size() - 1; i >= 0; i--) {
            Entry entry = own.get(i);
            entry.leave();
            stack.locks().unuse(entry.hold.lock);
        }
        own.clear();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stack.pop(this);
        giveUp();
    }
}
