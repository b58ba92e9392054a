package io.floodlock.runtime.lock.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.SpinMutex;
import io.floodlock.runtime.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps each release of one bucket until Redis has acknowledged it or its session has ended, so that no grant stays
 * held without a holder. {@code ReleaseBatcher} and {@code GrantRequests} take releases from it and report what became
 * of them. The comment below describes the states of a release. Thread-safe.
 */
final class PendingReleases {

    /*
     * A grant that is held in Redis but not in this JVM would block others as long as this JVM lives. So a release
     * that has not been acknowledged is kept, whatever happens to the call that it was sent with, and sent again when
     * Redis answers again. Redis may have done it already: then it is a no-op there. A release of a session that has
     * ended is not needed. A release that is kept has one of these states, and is no longer kept once Redis has
     * acknowledged it:
     *
     *   OWED      It is in no list: a full heap had no room for it in the list when it was added, or its call has
     *             failed.
     *   DUE       It is listed for the next call.
     *   SENT      It is part of a call in flight. If it stays so for longer than any call takes, it was lost with its
     *             call because of an Error: then it counts as owed.
     *
     * Another JVM's request may overtake a release. Then this JVM receives a revocation for a key that it no longer
     * has. A release in flight needs no answer. A release that should have arrived by then is sent again. The
     * revocation may also arrive after the acknowledgement of the release that it overtook, because it arrives over
     * another connection; where JVMs acquire a key in turn, that is usual. So a grant whose release was acknowledged
     * a moment ago needs no answer either. If Redis has lost that release in a failover, the waiter asks again when
     * this moment has passed, and then it is answered.
     */

    /**
     * The most releases in one call. More would keep Redis from other clients for too long: each takes it about 4 us.
     * If others wait for the keys, the script does fewer of them.
     */
    private static final int AT_ONCE = 16;

    /**
     * The most releases that a request takes along, because a caller waits for that request. Each takes Redis about
     * 50 us if others wait for the key.
     */
    private static final int ALONG = 2;

    /** Longer than a request may take: 10 s. */
    static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Clock clock;
    private final SpinMutex mutex = new SpinMutex();

    /** The releases for the next call. */
    @GuardedBy("mutex")
    private final ArrayDeque<Release> due = new ArrayDeque<>();

    /** The releases that Redis may not know of, by grant id. */
    private final Map<Long, Release> unacknowledged = new ConcurrentHashMap<>();

    @GuardedBy("mutex")
    private final AcknowledgedGrants acknowledged = new AcknowledgedGrants();

    PendingReleases(Clock clock) {
        this.clock = clock;
    }

    /** Adds a release. The caller must call {@code ReleaseBatcher.flush} or {@code flushSoon} afterwards. */
    void add(Session session, long grant, String name, CompletableFuture<Void> known) {
        Release release = new Release(session, grant, name, known, clock.nanoTime());
        unacknowledged.put(grant, release);
        mutex.lock();
        try {
            makeDue(release);
        } catch (OutOfMemoryError e) {
            // the release is owed
        } finally {
            mutex.unlock();
        }
    }

    @GuardedBy("mutex")
    private void makeDue(Release release) {
        due.add(release);
        release.state = Release.State.DUE;
    }

    /** Whether Redis has acknowledged all releases. */
    boolean allKnown() {
        return unacknowledged.isEmpty();
    }

    /** Whether the release of the grant is likely to reach Redis in a moment, or was acknowledged a moment ago. */
    boolean onItsWay(long grant) {
        long now = clock.nanoTime();
        // in this order, because an acknowledged release is noted before it is removed
        Release release = unacknowledged.get(grant);
        return release != null ? now - release.since < ON_ITS_WAY_NANOS : justAcknowledged(grant, now);
    }

    private boolean justAcknowledged(long grant, long now) {
        mutex.lock();
        try {
            return acknowledged.within(ON_ITS_WAY_NANOS, grant, now);
        } finally {
            mutex.unlock();
        }
    }

    /** Makes all releases due again that may not have reached Redis. */
    void makeOwedDue(long now) {
        mutex.lock();
        try {
            for (Release release : unacknowledged.values()) {
                boolean lost = release.state == Release.State.SENT && now - release.sent > LOST_NANOS;
                if (release.state == Release.State.OWED || lost) {
                    makeDue(release);
                }
            }
        } finally {
            mutex.unlock();
        }
    }

    boolean nothingDue() {
        mutex.lock();
        try {
            return due.isEmpty();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Takes due releases of one session for the next release call; empty if none is due. The caller must call
     * {@link #sent}, {@link #sendLater} or {@link #owe} with each of them.
     */
    List<Release> next() {
        mutex.lock();
        try {
            for (Release first = due.peek(); first != null; first = due.peek()) {
                if (first.session.owesReleases()) {
                    return next(first.session, null, AT_ONCE);
                }
                acknowledged(due.poll());
            }
            return List.of();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * The due releases of other names that a request of {@code session} for {@code name} takes along. The caller must
     * call {@link #sent} with them.
     */
    List<Release> along(Session session, String name) {
        mutex.lock();
        try {
            return due.isEmpty() ? List.of() : next(session, name, ALONG);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Takes the first due releases as long as they are of this session, each name once and none of {@code otherThan}.
     */
    @GuardedBy("mutex")
    private List<Release> next(Session session, String otherThan, int most) {
        List<Release> batch = new ArrayList<>(Math.min(most, due.size()));
        Set<String> names = new HashSet<>();
        if (otherThan != null) {
            names.add(otherThan);
        }
        for (Release first = due.peek(); first != null && batch.size() < most; first = due.peek()) {
            if (first.session != session || !names.add(first.name)) {
                return batch;
            }
            Release release = due.poll();
            release.state = Release.State.SENT;
            release.sent = clock.nanoTime();
            batch.add(release);
        }
        return batch;
    }

    /** The call with these releases has ended: Redis has answered it, or {@code failure} gives the reason why not. */
    void sent(List<Release> releases, FloodlockFailure failure) {
        for (int i = 0; i < releases.size(); i++) {
            Release release = releases.get(i);
            if (failure == null) {
                acknowledged(release);
            } else {
                owe(release);
                release.heard();
            }
        }
    }

    /** The script had no time for these releases. */
    void sendLater(List<Release> releases) {
        mutex.lock();
        try {
            releases.forEach(this::makeDue);
        } finally {
            mutex.unlock();
        }
    }

    /** The call with this release could not be made. */
    void owe(Release release) {
        mutex.lock();
        try {
            release.state = Release.State.OWED;
        } finally {
            mutex.unlock();
        }
    }

    private void acknowledged(Release release) {
        note(release.grant, clock.nanoTime());
        unacknowledged.remove(release.grant);
        release.heard();
    }

    private void note(long grant, long now) {
        mutex.lock();
        try {
            acknowledged.add(grant, now);
        } finally {
            mutex.unlock();
        }
    }
}
