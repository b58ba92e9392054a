package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.Session;
import java.util.concurrent.CompletableFuture;

/**
 * One grant that this JVM gives back, until Redis has acknowledged it. {@code PendingReleases} makes it, changes it and
 * describes its states.
 */
final class Release {

    enum State {
        OWED,
        DUE,
        SENT
    }

    final Session session;
    final long grant;
    final String name;
    private final CompletableFuture<Void> known;

    /** When it was added, by nanoTime. */
    final long since;

    /** Guarded by the mutex of {@code PendingReleases}, like the next field. */
    State state = State.OWED;

    /** When it was last taken for a call, by nanoTime. */
    long sent;

    /**
     * @param known completed when Redis has answered or cannot be reached, or needs no release; null if no caller
     *     waits for that
     */
    Release(Session session, long grant, String name, CompletableFuture<Void> known, long since) {
        this.session = session;
        this.grant = grant;
        this.name = name;
        this.known = known;
        this.since = since;
    }

    /** Redis has answered or cannot be reached, or needs no release. */
    void heard() {
        if (known != null) {
            known.complete(null);
        }
    }
}
