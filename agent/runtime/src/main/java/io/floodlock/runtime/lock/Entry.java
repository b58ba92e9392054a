package io.floodlock.runtime.lock;

/** One scope's, or one owner's, place in a {@link Hold}. */
final class Entry {

    final Hold hold;
    final Mode mode;
    final String who;
    final long sinceMillis;
    final Ownership.Listener listener;

    /** Drawn at the first question. Guarded by the lock's mutex. */
    long token;

    Entry(Hold hold, Mode mode, String who, long sinceMillis, Ownership.Listener listener) {
        this.hold = hold;
        this.mode = mode;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.listener = listener;
    }

    String name() {
        return hold.lock.name;
    }

    boolean held() {
        return hold.session.withinLease();
    }

    void leave() {
        hold.lock.leave(this);
    }
}
