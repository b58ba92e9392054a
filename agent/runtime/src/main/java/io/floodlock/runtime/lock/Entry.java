package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** One scope's, or one owner's, place in a {@link Hold}, shared by the scopes inside that re-entered it. Thread-safe. */
final class Entry {

    private static final AtomicIntegerFieldUpdater<Entry> USERS =
            AtomicIntegerFieldUpdater.newUpdater(Entry.class, "users");

    final Hold hold;
    final Mode mode;
    final Who who;
    final long sinceMillis;
    final Ownership.Listener listener;

    /** Drawn at the first question. Guarded by the lock's mutex. */
    long token;

    /** What its scope took before it, or null. */
    Entry takenBefore;

    /** A thread opened its scope and will close it, so that it may be made to wait. Set by that thread; others may see it late. */
    private boolean ofThread;

    /** What stands at the arbiter's gate once it has left by it. */
    Object leaves;

    /** How many scopes rely on it: the one that entered and those that re-entered. At 0 for good. */
    private volatile int users = 1;

    /** It was evicted or has left. */
    private volatile boolean gone;

    /** Why it was given back though somebody relies on it. */
    private volatile String evicted;

    Entry(Hold hold, Mode mode, Who who, long sinceMillis, Ownership.Listener listener) {
        this.hold = hold;
        this.mode = mode;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.listener = listener;
    }

    String name() {
        return hold.lock.name;
    }

    /** Whether it may be relied on at this moment. */
    boolean held() {
        return !gone() && evicted == null && hold.session.withinLease();
    }

    /** Whether it keeps others out of this JVM's hold, held or in doubt. */
    boolean inside() {
        return !gone() && hold.session.status() != Session.Status.ENDED;
    }

    /** Nobody is inside through it any more, or its last user is on the way out. */
    boolean gone() {
        return gone || users == 0;
    }

    void setGone() {
        if (!gone()) {
            gone = true;
        }
    }

    boolean ofThread() {
        return ofThread;
    }

    void setOfThread() {
        ofThread = true;
    }

    /** One more relies on it; false if it is gone. */
    boolean retain() {
        int known = users;
        while (known > 0 && !gone) {
            if (USERS.compareAndSet(this, known, known + 1)) {
                return true;
            }
            known = users;
        }
        return false;
    }

    /** One less relies on it; the last one leaves the lock. Once for each user. */
    void leave() {
        if (USERS.decrementAndGet(this) == 0) {
            hold.lock.leave(this);
            if (ofThread && hold.goingBack != null) {
                hold.lock.awaitReturn(hold);
            }
        }
    }

    /** Gives it back whoever relies on it: they find it lost, and why. */
    void evict(String why) {
        evicted = why;
        hold.lock.leave(this);
    }

    FloodlockFailure lost() {
        String why = evicted;
        return why == null ? Messages.lost(name()) : Messages.lost(name(), why);
    }
}
