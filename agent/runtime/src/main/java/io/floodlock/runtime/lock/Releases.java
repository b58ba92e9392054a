package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** What a bucket gives back to Redis: one call for all that comes while another is under way. Thread-safe. */
final class Releases {

    /*
     * What nobody is known to wait for is left to the thread that talks to Redis, which has to be woken anyway to send it. A
     * thread that goes from one key to the next asks for the next meanwhile, and that request takes along what is due: one
     * call then gives one key back and takes another. Where another JVM waits, who leaves sends the release itself.
     *
     * One call of releases alone is under way at most, begun by whoever finds none under way, who waits for nothing; its
     * answer begins the next. So releases are as prompt as Redis answers, and the busier it is, the more of them a call has.
     *
     * A hold that nobody here has would block others as long as this JVM lives: what has not been acknowledged is kept, and
     * sent again when Redis is heard again. It may have been done: then it is a no-op there. What belongs to a session that
     * has ended needs no release.
     *
     * Another JVM's request may overtake a release, and then this JVM hears that a key is wanted which it has no more. What is
     * on its way needs no answer; what should have arrived by then is sent again. The word may also come after the answer to
     * the release that it was overtaken by, as it comes over another connection: where JVMs take a key by turns, that is
     * usual. So what has just been acknowledged needs none either. If Redis has lost that release in a failover, whoever waits
     * asks again when this moment has passed, and then it is answered.
     */

    /** More would keep Redis from others for too long: each takes it about 10 us. */
    private static final int AT_ONCE = 64;

    /** With a request that somebody waits for. */
    private static final int ALONG = 8;

    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** More of them than a moment has cost memory, fewer a call now and then. */
    private static final int LAST = 64;

    /** Runs the release script. */
    interface Sender {
        void send(Session session, Object[] arguments, BiConsumer<Reply, FloodlockFailure> then);
    }

    private final Sender sender;
    private final Executor soon;
    private final Clock clock;
    private final ReentrantLock mutex = new ReentrantLock();

    /** Guarded by the mutex. */
    private final ArrayDeque<Release> due = new ArrayDeque<>();

    private final Queue<Release> owed = new ConcurrentLinkedQueue<>();

    /** The grants that Redis may not know to be given back, and since when, by nanoTime. */
    private final Map<Long, Long> unacknowledged = new ConcurrentHashMap<>();

    /** The grants that Redis has acknowledged last, and when; round and round. Guarded by the mutex. */
    private final long[] acknowledged = new long[LAST];

    private final long[] acknowledgedAt = new long[LAST];
    private int lastAcknowledged;

    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean called = new AtomicBoolean();

    /** @param known completed when Redis has answered or failed to, or needs not hear of it; null where nobody waits for that */
    record Release(Session session, long grant, String name, CompletableFuture<Void> known) {}

    /** @param soon runs what sends, on another thread */
    Releases(Sender sender, Executor soon, Clock clock) {
        this.sender = sender;
        this.soon = soon;
        this.clock = clock;
    }

    /** To be sent by {@link #flush} or {@link #flushSoon}. */
    void add(Session session, long grant, String name, CompletableFuture<Void> known) {
        unacknowledged.put(grant, clock.nanoTime());
        mutex.lock();
        try {
            due.add(new Release(session, grant, name, known));
        } finally {
            mutex.unlock();
        }
    }

    /** Whether Redis has heard of all that was given back. */
    boolean allKnown() {
        return unacknowledged.isEmpty();
    }

    /** Whether the grant is being given back, and Redis is likely to hear of it in a moment, or has just heard. */
    boolean onItsWay(long grant) {
        long now = clock.nanoTime();
        // in this order, as an acknowledged one is noted before it is removed
        Long since = unacknowledged.get(grant);
        return since != null ? now - since < ON_ITS_WAY_NANOS : justAcknowledged(grant, now);
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
        mutex.lock();
        try {
            for (Release release = owed.poll(); release != null; release = owed.poll()) {
                due.add(release);
            }
        } finally {
            mutex.unlock();
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
                owed.add(release);
                heard(release);
            }
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
                answered = send(batch);
            }
        }
    }

    /**
     * Who comes second of the answer and the return of the call that asks for it goes on: an answer that is there at once, as
     * where a connection is refused, would go one call deeper for each batch.
     *
     * @return whether the caller is to go on
     */
    private boolean send(List<Release> batch) {
        Object[] arguments = new Object[1 + 2 * batch.size()];
        arguments[0] = batch.get(0).session.id;
        put(batch, arguments, 1);
        AtomicBoolean first = new AtomicBoolean();
        sender.send(batch.get(0).session, arguments, (reply, failure) -> {
            try {
                sent(batch, failure);
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
                if (first.session.status() != Session.Status.ENDED) {
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
            batch.add(due.poll());
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
