package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.thread.StackRoom;

/**
 * The scopes of one thread, innermost first. Used by that thread alone. It stays with the thread: to remove it and to
 * add it again would cost more than a free key.
 */
public final class ThreadScopes {

    /*
     * A frame stands for a scope on a thread. For a thread's own acquisition that is the scope itself, as it is
     * acquired once: it is taken off when it is closed; if another thread closes it, or something lies on top, then
     * when it is next seen at the top. Scope.enter() pushes a frame of its own, which its answer takes off with all
     * that is above. A scope that is over forgets what was below, as it may be remembered for longer than that.
     */

    /** Its thread's own, but for {@link #scope()}. */
    abstract static class Frame {
        private Frame below;

        Frame below() {
            return below;
        }

        abstract Scope scope();

        /** Whether it isn't on the thread any more. */
        abstract boolean over();
    }

    private static final int ROOM = 12_000;
    private static final int MORE_ROOM = 48_000;
    private static final int FILLS = 1_024;

    private Frame top;

    private int looks;

    /** The last caller: mostly the next one too. */
    private Caller who;

    /**
     * Fails with a StackOverflowError where there may not be room to enter a free key and to give any key back. Nothing
     * has been taken then.
     */
    public void requireRoom() {
        StackRoom.require(ROOM, looks++ % FILLS == 0);
    }

    /** The same where a key is to be waited for, which is more. */
    public void requireMoreRoom() {
        StackRoom.require(MORE_ROOM, looks++ % FILLS == 0);
    }

    /** This thread as the caller at {@code site}. */
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

    /** What is on top, without what is over. */
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

    /** Takes it off with all that is above, unless it was above another that has been taken off. */
    void takeOff(Frame frame) {
        Frame found = top;
        while (found != null && found != frame) {
            found = found.below;
        }
        if (found != null) {
            put(found);
        }
    }

    /** The scope takes itself off, and all that is over below it, if it is on top. */
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
