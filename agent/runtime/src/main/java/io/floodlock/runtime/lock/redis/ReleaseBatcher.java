package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Sends the releases of one bucket to Redis in batches: at most one release call is in flight, and everything that is
 * released meanwhile goes with the next. It takes the releases from {@code PendingReleases}; {@code RedisBucket} uses
 * both. The comment below says which thread sends the releases, and when. Thread-safe.
 */
final class ReleaseBatcher {

    /*
     * If no caller is known to wait for a released key, the release is left to the thread that writes to Redis, which
     * has to be woken to send it anyway. A thread that goes from one key to the next requests the next key in the
     * meantime, and that request takes along the releases that are due: one call then gives one key back and acquires
     * another. Where another JVM waits, the releasing thread sends the release itself.
     *
     * At most one call that only releases is in flight. A thread that finds none in flight begins it, and does not
     * wait for its answer; the answer begins the next call. So releases are as prompt as Redis's answers, and the
     * busier Redis is, the more releases a call contains.
     *
     * An Error may end the code that would have cleared the mark that a call is in flight, or the mark that another
     * thread will begin one. So neither of them counts for longer than the operation that it represents may take.
     */

    /** Runs the release script. */
    interface Sender {
        void send(Session session, Object[] arguments, BiConsumer<LockReply, FloodlockFailure> then);
    }

    private final PendingReleases releases;
    private final Sender sender;
    private final Executor soon;
    private final Clock clock;

    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean called = new AtomicBoolean();

    /** When the last release call began, by nanoTime. */
    private volatile long calledNanos;

    /** @param soon runs the sending of releases on another thread */
    ReleaseBatcher(PendingReleases releases, Sender sender, Executor soon, Clock clock) {
        this.releases = releases;
        this.sender = sender;
        this.soon = soon;
        this.clock = clock;
    }

    /** Begins a release call if a release is due and no call is in flight. */
    void flush() {
        if (underWay.compareAndSet(false, true)) {
            sendAll();
        }
    }

    /** As {@link #flush}, on another thread. */
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

    /** Redis answers again: sends all releases again that may not have reached it. */
    void again() {
        long now = clock.nanoTime();
        releases.makeOwedDue(now);
        called.set(false);
        if (underWay.get() && now - calledNanos > PendingReleases.LOST_NANOS) {
            underWay.set(false);
        }
        flush();
    }

    /**
     * After an Error no call counts as in flight, so that the next thread that has a release to send begins a new
     * one.
     */
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
            List<Release> batch = releases.next();
            if (batch.isEmpty()) {
                underWay.set(false);
                // a release added just before this found a call in flight
                if (releases.nothingDue() || !underWay.compareAndSet(false, true)) {
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
                releases.owe(batch.get(i));
            }
            throw e;
        }
    }

    /**
     * The later one of two events continues with the next batch: the answer, or the return of the method that sent
     * the batch. Otherwise an answer that arrives at once, such as a refused connection, would nest one call deeper
     * for each batch.
     *
     * @return whether the caller must continue
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
                releases.sent(batch.subList(0, done), failure);
                releases.sendLater(batch.subList(done, batch.size()));
            } finally {
                if (!first.compareAndSet(false, true)) {
                    sendAll();
                }
            }
        });
        return !first.compareAndSet(false, true);
    }

    /** Writes the releases as the scripts expect them: pairs of grant id and name. */
    static void put(List<Release> releases, Object[] arguments, int from) {
        for (int i = 0; i < releases.size(); i++) {
            arguments[from + 2 * i] = Long.toString(releases.get(i).grant);
            arguments[from + 1 + 2 * i] = releases.get(i).name;
        }
    }
}
