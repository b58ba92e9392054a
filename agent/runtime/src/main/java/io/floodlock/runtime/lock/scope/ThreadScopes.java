package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.thread.StackRoom;

/**
 * The scopes of one thread, innermost first. Only that thread uses it. It is kept in a thread-local variable and
 * never removed, because removing it and adding it again would cost more than acquiring a free key.
 */
public final class ThreadScopes {

    /*
     * A frame represents a scope on a thread's stack. For an acquisition by the thread itself, the scope is its own
     * frame, because it is acquired only once. The frame is removed when the scope is closed. If another thread
     * closes the scope, or another frame is above it, the frame is removed the next time it is seen at the top.
     * Scope.enter() pushes a frame of its own; closing what enter() returned removes that frame with all frames above
     * it. A frame that is over drops its reference to the frame below, because other objects may refer to it for
     * longer than that frame is needed.
     */

    /** Used by its thread only, except for {@link #scope()}. */
    abstract static class Frame {
        private Frame below;

        Frame below() {
            return below;
        }

        abstract Scope scope();

        /** Whether the frame no longer counts as being on the thread. */
        abstract boolean over();
    }

    private static final int ROOM = 12_000;
    private static final int MORE_ROOM = 48_000;
    private static final int FILLS = 1_024;

    private Frame top;

    private int looks;

    /** The most recent caller, cached because the next caller is usually the same. */
    private Caller who;

    /**
     * Throws a StackOverflowError if the thread's stack may not have enough room to enter a free key and to give any
     * key back. It is called before anything is acquired.
     */
    public void requireRoom() {
        StackRoom.require(ROOM, looks++ % FILLS == 0);
    }

    /** The same for an acquisition that may wait, which needs more stack. */
    public void requireMoreRoom() {
        StackRoom.require(MORE_ROOM, looks++ % FILLS == 0);
    }

    /** The calling thread, as the caller at {@code site}. */
    public Caller who(String site) {
        Caller known = who;
        String name = Thread.currentThread().getName();
        if (known == null || !known.thread().equals(name) || !known.site().equals(site)) {
            known = new Caller(name, site);
            who = known;
        }
        return known;
    }

    /** The innermost open scope, or null. */
    Scope current() {
        for (Frame frame = live(); frame != null; frame = frame.below) {
            Scope scope = frame.scope();
            scope = scope.closed() ? scope.outer() : scope;
            if (scope != null) {
                return scope;
            }
        }
        return null;
    }

    /** The top frame, after removing frames that are over. */
    Frame live() {
        Frame frame = top;
        return frame == null || !frame.over() ? frame : put(frame);
    }

    private Frame put(Frame frame) {
        Frame live = frame;
        while (live != null && live.over()) {
            Frame next = live.below;
            live.below = null;
            live = next;
        }
        top = live;
        return live;
    }

    /** Removes the frame with all frames above it, unless it was already removed with a frame below it. */
    void takeOff(Frame frame) {
        Frame found = top;
        while (found != null && found != frame) {
            found = found.below;
        }
        if (found != null) {
            put(found);
        }
    }

    /** If the scope's frame is at the top, removes it and all frames directly below it that are over. */
    void closed(Frame scope) {
        if (top == scope) {
            live();
        }
    }

    public void push(Frame frame) {
        frame.below = live();
        top = frame;
    }
}
