package io.floodlock.runtime.lock;

import java.util.ArrayDeque;
import java.util.Deque;

/** One grant of one key to this JVM, shared by its scopes. Guarded by its {@link LocalLock}'s mutex where not final or volatile. */
final class Hold {

    final LocalLock lock;
    final Session session;
    final long grant;
    final Mode mode;

    /** Another JVM waits: nobody new enters, and the grant goes back when the last scope has left. */
    volatile boolean wanted;

    /** The scopes inside, for messages. */
    final Deque<Entry> entries = new ArrayDeque<>(2);

    /** Nobody has entered yet: it is owed to who asked, even if another JVM waits. */
    boolean fresh = true;

    private long nextToken;
    private long tokensLeft;

    Hold(LocalLock lock, Session session, long grant, Mode mode, long token, boolean wanted) {
        this.lock = lock;
        this.session = session;
        this.grant = grant;
        this.mode = mode;
        this.nextToken = token;
        this.tokensLeft = 1;
        this.wanted = wanted;
    }

    boolean active() {
        return !entries.isEmpty();
    }

    /** Whether a scope in {@code wanted} mode may be inside together with those that are. */
    boolean admits(Mode wanted) {
        if (wanted == Mode.EXCLUSIVE) {
            return mode == Mode.EXCLUSIVE && entries.isEmpty();
        }
        return entries.isEmpty() || entries.peek().mode == Mode.SHARED;
    }

    /** The next unused token of this grant, or 0 if more must be reserved. */
    long drawToken() {
        if (tokensLeft == 0) {
            return 0;
        }
        tokensLeft--;
        return nextToken++;
    }

    void reserved(long first, long count) {
        nextToken = first;
        tokensLeft = count;
    }
}
