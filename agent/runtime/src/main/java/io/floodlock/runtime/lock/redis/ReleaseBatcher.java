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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** What a bucket gives back to Redis: one call for all that comes while another is under way. Thread-safe. */
final class ReleaseBatcher {

    /*
     * What nobody is known to wait for is left to the thread that talks to Redis, which has to be woken anyway to send it. A
     * thread that goes from one key to the next asks for the next meanwhile, and that request takes along what is due: one
     * call then gives one key back and takes another. Where another JVM waits, who leaves sends the release itself.
     *
     * One call of releases alone is under way at most, begun by whoever finds none under way, who waits for nothing; its
     * answer begins the next. So releases are as prompt as Redis answers, and the busier it is, the more of them a call has.
     *
     * A hold that nobody here has would block others as long as this JVM lives: what has not been acknowledged is kept, whatever
     * becomes of the call that it went with, and sent again when Redis is heard again. It may have been done: then it is a
     * no-op there. What belongs to a session that has ended needs no release. A release is
     *
     *   OWED      kept, and in no list: added as a full heap had no room in that, or its call has failed
     *   DUE       listed, for the next call
     *   SENT      with a call that is under way. One that is so for longer than any call takes has been lost with its call, to
     *             an Error: it is owed
     *   and kept no more once Redis has acknowledged it
     *
     * So is the mark that a call is under way, and the one that another thread will begin one: none of them counts for longer
     * than what it stands for may take.
     *
     * Another JVM's request may overtake a release, and then this JVM hears that a key is wanted which it has no more. What is
     * on its way needs no answer; what should have arrived by then is sent again. The word may also come after the answer to
     * the release that it was overtaken by, as it comes over another connection: where JVMs take a key by turns, that is
     * usual. So what has just been acknowledged needs none either. If Redis has lost that release in a failover, whoever waits
     * asks again when this moment has passed, and then it is answered.
     */

    /** More would keep Redis from others for too long: each takes it some 4 us. Of those that others wait for it does fewer. */
    private static final int AT_ONCE = 16;

    /** With a request that somebody waits for. Each takes Redis some 50 us if others wait for it. */
    private static final int ALONG = 2;

    /** Longer than a request may take. */
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** More of them than a moment has cost memory, fewer a call now and then. */
    private static final int LAST = 64;

    /** Runs the release script. */
    interface Sender {
        void send(Session session, Object[] arguments, BiConsumer<LockReply, FloodlockFailure> then);
    }

    private final Sender sender;
    private final Executor soon;
    private final Clock clock;
    private final SpinMutex mutex = new SpinMutex();

    /** Guarded by the mutex. */
    @GuardedBy("mutex")
    private final ArrayDeque<Release> due = new ArrayDeque<>();

    /** What Redis may not know to be given back, by grant. */
    private final Map<Long, Release> unacknowledged = new ConcurrentHashMap<>();

    /** The grants that Redis has acknowledged last, and when; round and round. Guarded by the mutex. */
    @GuardedBy("mutex")
    private final long[] acknowledged = new long[LAST];

    @GuardedBy("mutex")
    private final long[] acknowledgedAt = new long[LAST];

    @GuardedBy("mutex")
    private int lastAcknowledged;

    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean called = new AtomicBoolean();

    /** When the last call began. */
    private volatile long calledNanos;

    private enum State {
        OWED,
        DUE,
        SENT
    }

    static final class Release {
        private final Session session;
        private final long grant;
        private final String name;
        private final CompletableFuture<Void> known;
        private final long since;

        /** Guarded by the mutex, as what follows. */
        private State state = State.OWED;

        private long sent;

        /** @param known completed when Redis has answered or failed to, or needs not hear of it; null where nobody waits for that */
        private Release(Session session, long grant, String name, CompletableFuture<Void> known, long since) {
            this.session = session;
            this.grant = grant;
            this.name = name;
            this.known = known;
            this.since = since;
        }
    }

    /** @param soon runs what sends, on another thread */
    ReleaseBatcher(Sender sender, Executor soon, Clock clock) {
        this.sender = sender;
        this.soon = soon;
        this.clock = clock;
    }

    /** To be sent by {@link #flush} or {@link #flushSoon}. */
    void add(Session session, long grant, String name, CompletableFuture<Void> known) {
        Release release = new Release(session, grant, name, known, clock.nanoTime());
        unacknowledged.put(grant, release);
        mutex.lock();
        try {
            makeDue(release);
        } catch (OutOfMemoryError e) {
            // it is owed
        } finally {
            mutex.unlock();
        }
    }

    @GuardedBy("mutex")
    private void makeDue(Release release) {
        due.add(release);
        release.state = State.DUE;
    }

    /** Whether Redis has heard of all that was given back. */
    boolean allKnown() {
        return unacknowledged.isEmpty();
    }

    /** Whether the grant is being given back, and Redis is likely to hear of it in a moment, or has just heard. */
    boolean onItsWay(long grant) {
        long now = clock.nanoTime();
        // in this order, as an acknowledged one is noted before it is removed
        Release release = unacknowledged.get(grant);
        return release != null ? now - release.since < ON_ITS_WAY_NANOS : justAcknowledged(grant, now);
    }

    private boolean justAcknowledged(long grant, long now) {
        mutex.lock();
        try {
            for (int i = 0; i < LAST; i++) {
                if (acknowledged[i] == grant) {
                    return now - acknowledgedAt[i] < ON_ITS_WAY_NANOS;
                }
            }
            return false;
        } finally {
            mutex.unlock();
        }
    }

    /** Begins a call if there is something to send and none is under way. */
    void flush() {
        if (underWay.compareAndSet(false, true)) {
            sendAll();
        }
    }

    /** The same on another thread. */
    void flushSoon() {
        if (!underWay.get() && called.compareAndSet(false, true)) {
            try {
                soon.execute(() -> {
                    called.set(false);
                    flush();
                });
            } catch (Throwable e) {
                called.set(false);
                throw e;
            }
        }
    }

    /** Redis is heard again: what it may not have heard is sent again. */
    void again() {
        long now = clock.nanoTime();
        mutex.lock();
        try {
            for (Release release : unacknowledged.values()) {
                boolean lost = release.state == State.SENT && now - release.sent > LOST_NANOS;
                if (release.state == State.OWED || lost) {
                    makeDue(release);
                }
            }
        } finally {
            mutex.unlock();
        }
        called.set(false);
        if (underWay.get() && now - calledNanos > LOST_NANOS) {
            underWay.set(false);
        }
        flush();
    }

    /** What a request of {@code session} for {@code name} takes along, of other names; {@link #sent} is owed. */
    List<Release> along(Session session, String name) {
        mutex.lock();
        try {
            return due.isEmpty() ? List.of() : next(session, name, ALONG);
        } finally {
            mutex.unlock();
        }
    }

    /** Redis has answered the call that these went with, or hasn't. */
    void sent(List<Release> releases, FloodlockFailure failure) {
        for (int i = 0; i < releases.size(); i++) {
            Release release = releases.get(i);
            if (failure == null) {
                acknowledged(release);
            } else {
                owe(release);
                heard(release);
            }
        }
    }

    /** There was no time for them. */
    private void sendLater(List<Release> releases) {
        mutex.lock();
        try {
            releases.forEach(this::makeDue);
        } finally {
            mutex.unlock();
        }
    }

    private void owe(Release release) {
        mutex.lock();
        try {
            release.state = State.OWED;
        } finally {
            mutex.unlock();
        }
    }

    /** An Error leaves nothing under way: the next who has something to send begins anew. */
    private void sendAll() {
        try {
            send();
        } catch (Throwable e) {
            underWay.set(false);
            throw e;
        }
    }

    private void send() {
        boolean answered = true;
        while (answered) {
            List<Release> batch = next();
            if (batch.isEmpty()) {
                underWay.set(false);
                // one that was added just before found a call under way
                if (nothingDue() || !underWay.compareAndSet(false, true)) {
                    return;
                }
            } else {
                answered = sendOrOwe(batch);
            }
        }
    }

    private boolean sendOrOwe(List<Release> batch) {
        try {
            return send(batch);
        } catch (Throwable e) {
            for (int i = 0; i < batch.size(); i++) {
                owe(batch.get(i));
            }
            throw e;
        }
    }

    /**
     * Who comes second of the answer and the return of the call that asks for it goes on: an answer that is there at once, as
     * where a connection is refused, would go one call deeper for each batch.
     *
     * @return whether the caller is to go on
     */
    private boolean send(List<Release> batch) {
        calledNanos = clock.nanoTime();
        Object[] arguments = new Object[1 + 2 * batch.size()];
        arguments[0] = batch.get(0).session.id();
        put(batch, arguments, 1);
        AtomicBoolean first = new AtomicBoolean();
        sender.send(batch.get(0).session, arguments, (reply, failure) -> {
            try {
                int done = reply == null ? batch.size() : (int) reply.number(2, batch.size());
                sent(batch.subList(0, done), failure);
                sendLater(batch.subList(done, batch.size()));
            } finally {
                if (!first.compareAndSet(false, true)) {
                    sendAll();
                }
            }
        });
        return !first.compareAndSet(false, true);
    }

    /** As the scripts want them. */
    static void put(List<Release> releases, Object[] arguments, int from) {
        for (int i = 0; i < releases.size(); i++) {
            arguments[from + 2 * i] = Long.toString(releases.get(i).grant);
            arguments[from + 1 + 2 * i] = releases.get(i).name;
        }
    }

    private boolean nothingDue() {
        mutex.lock();
        try {
            return due.isEmpty();
        } finally {
            mutex.unlock();
        }
    }

    private List<Release> next() {
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

    /** Of one session, each name once. */
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
            release.state = State.SENT;
            release.sent = clock.nanoTime();
            batch.add(release);
        }
        return batch;
    }

    private void acknowledged(Release release) {
        note(release.grant, clock.nanoTime());
        unacknowledged.remove(release.grant);
        heard(release);
    }

    private void note(long grant, long now) {
        mutex.lock();
        try {
            acknowledged[lastAcknowledged] = grant;
            acknowledgedAt[lastAcknowledged] = now;
            lastAcknowledged = (lastAcknowledged + 1) % LAST;
        } finally {
            mutex.unlock();
        }
    }

    private static void heard(Release release) {
        if (release.known != null) {
            release.known.complete(null);
        }
    }
}
