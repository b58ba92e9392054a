package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.time.Scheduler;
import java.util.concurrent.TimeUnit;

/**
 * The exchange between one key of this JVM and Redis: interprets replies and pushes, and passes the result to the
 * key's {@link Arbiter}. It guarantees that no grant stays in Redis that nothing in this JVM knows, once another JVM
 * wants the key.
 *
 * <p>Called by {@link LockEffects} with replies and by {@link LockTable} with pushes. Thread-safe by the key's
 * mutex. The comment below treats messages that overtake each other, and tries that don't wait.
 */
final class GrantDialog {

    /*
     * Replies, pushes and releases overtake each other. Grant ids grow within the JVM; the scripts ignore a grant
     * that a later one has replaced. Here:
     *   - A push reports a grant before the request's own reply arrives, which says "queued". The reply then finds
     *     another request, or none, and the local grant has its grant id: it is ignored.
     *   - A reply says "granted" or "queued" to a request that is no longer known here (given up, or repeated once
     *     too often). It is answered with a release, which is a no-op if an earlier release has arrived.
     *   - A push says that others want a grant that this JVM doesn't have (its reply was lost). It is answered with a
     *     release, unless the grant is still requested here or its release is already on its way: then the push has
     *     only overtaken another message.
     *
     * So nothing stays held in Redis without a local grant or request that knows it, as long as any other JVM wants
     * it.
     *
     * Tries that don't wait. The key may be held by a JVM that doesn't use it. So a try queues in Redis as other
     * requests do. The holders are notified, and either give the key back, which grants it here, or answer BUSY. The
     * try is refused when BUSY arrives, or after 100 ms without an answer.
     *
     * BUSY stands in Redis for 100 ms or until the grant ends, since a grant is not kept once revocation is
     * requested. Later tries are refused by it at once and reach no holder (nor, mostly, a script: see BusyNotice).
     * But then the key would seem to be in use while its release is on its way. So the thread that closes the last
     * scope waits until Redis has acknowledged the release, or BUSY has expired: a caller that learns from this
     * thread that the key is free finds it free.
     *
     * A scope that no thread closes can't wait. So while one is inside, BUSY answers only the try that asked, and
     * doesn't stand for others. When an async scope follows a thread's scope, a try right after it closes may still
     * see BUSY.
     */

    /** Longest time that a try waits for the answer of the holders in other JVMs. */
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LocalLock lock;
    private final String name;
    private final Bucket bucket;
    private final Arbiter arbiter;
    private final Scheduler timer;
    private final Retention retention;
    private HolderInfo lastHolder;

    GrantDialog(LocalLock lock, Arbiter arbiter, Scheduler timer, Retention retention) {
        this.lock = lock;
        this.name = lock.name;
        this.bucket = lock.bucket;
        this.arbiter = arbiter;
        this.timer = timer;
        this.retention = retention;
    }

    /** The holder of the key as of Redis's last reply that named one; null if none has. */
    HolderInfo lastHolder() {
        return lastHolder;
    }

    /** The reply to a request, or {@code problem} if it failed. */
    void answered(PendingGrant sent, GrantReply reply, FloodlockFailure problem) {
        lock.begin();
        try {
            sent.inFlight = false;
            if (sent != arbiter.ask()) {
                boolean stored = reply instanceof GrantReply.Granted || reply instanceof GrantReply.Queued;
                if (stored && !holds(sent.grant)) {
                    lock.effects.release(sent.session, sent.grant);
                }
            } else if (problem != null) {
                sent.repeatAt = System.nanoTime() + PendingGrant.retryNanos();
                arbiter.failed(problem);
            } else {
                arbiter.answered();
                understand(sent, reply);
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    /**
     * The place of a queued request in Redis, null if the request must be sent again; or {@code problem} if the look
     * failed.
     */
    void looked(PendingGrant queued, QueuePlace place, FloodlockFailure problem) {
        lock.begin();
        try {
            queued.inFlight = false;
            if (queued != arbiter.ask()) {
                return;
            }
            long now = System.nanoTime();
            if (problem != null) {
                queued.repeatAt = now + PendingGrant.retryNanos();
                arbiter.failed(problem);
                return;
            }
            arbiter.answered();
            if (place != null) {
                queued.place = place;
                queued.repeatAt = now + place.pauseNanos();
            } else {
                lock.effects.send(queued);
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    private void understand(PendingGrant sent, GrantReply reply) {
        sent.answered = true;
        if (reply instanceof GrantReply.Granted granted) {
            granted(granted);
        } else if (reply instanceof GrantReply.Queued queued) {
            queued(sent, queued);
        } else if (reply instanceof GrantReply.Busy busy) {
            lastHolder = busy.holder();
            arbiter.refused(this::impatient);
        } else {
            // the session has ended, or Redis knows a later grant id: send a new request
            arbiter.denied();
        }
    }

    private void queued(PendingGrant sent, GrantReply.Queued reply) {
        lastHolder = reply.holder();
        boolean first = sent.place == null;
        sent.place = reply.place();
        sent.repeatAt = System.nanoTime() + sent.place.pauseNanos();
        if (!first) {
            return;
        }
        retention.contended(name);
        if (sent.busy) {
            refuseImpatient();
        } else if (!sent.waits) {
            timer.after(TRY_NANOS, () -> busy(sent));
        }
    }

    /** 100 ms have passed: the holders in other JVMs don't give the key up for a request that doesn't wait. */
    private void busy(PendingGrant sent) {
        lock.begin();
        try {
            if (sent == arbiter.ask()) {
                refuseImpatient();
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    private void refuseImpatient() {
        arbiter.abandon(this::impatient, Waiter.End.REFUSED);
    }

    private boolean impatient(Waiter waiter) {
        waiter.refused = lastHolder;
        return !waiter.waits;
    }

    private void granted(GrantReply.Granted granted) {
        arbiter.ask().owner = granted.owner();
        if (granted.contended()) {
            retention.contended(name);
        }
        arbiter.granted(granted.token(), granted.contended());
    }

    private boolean holds(long grant) {
        LocalGrant hold = arbiter.hold();
        return hold != null && hold.grant == grant;
    }

    /** A push says that Redis has granted {@code grant} to this session. */
    void pushedGrant(String session, long grant, GrantReply.Granted granted) {
        lock.begin();
        try {
            PendingGrant pending = arbiter.ask();
            if (pending != null
                    && pending.grant == grant
                    && pending.session != null
                    && pending.session.id().equals(session)) {
                granted(granted);
            } else if (!holds(grant)) {
                bucket.releaseUnknown(session, grant, name);
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    /**
     * A push says that another JVM waits for {@code grant}.
     *
     * @param asker the try to be answered if the key is in use; null if the request waits anyway
     */
    void revocationRequested(String session, long grant, RemoteTry asker) {
        bucket.releaseEnded(session, grant, name);
        lock.begin();
        try {
            PendingGrant pending = arbiter.ask();
            boolean used;
            if (holds(grant)) {
                if (!arbiter.hold().revocationRequested()) {
                    retention.contended(name);
                }
                arbiter.revocationRequested();
                used = holds(grant);
            } else if (pending != null && pending.grant == grant) {
                pending.revocationRequested = true;
                used = true;
            } else {
                bucket.releaseUnknown(session, grant, name);
                used = false;
            }
            if (used && asker != null) {
                bucket.announceBusy(asker, name, byThread(grant));
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    /**
     * The local grant if BUSY may stand for it, which is recorded: all scopes inside were opened by threads, which
     * may wait when they close them. Else null. The fast path is shut.
     */
    private LocalGrant byThread(long grant) {
        if (!holds(grant) || !arbiter.hold().active()) {
            return null;
        }
        LocalGrant hold = arbiter.hold();
        for (Holding entry : hold.entries) {
            if (!entry.byThread()) {
                return null;
            }
        }
        hold.busyAnnounced = true;
        return hold;
    }

    /** A push says BUSY, in answer to a request that doesn't wait. */
    void pushedBusy(String session, long grant) {
        lock.begin();
        try {
            PendingGrant pending = arbiter.ask();
            if (pending != null
                    && pending.grant == grant
                    && pending.session != null
                    && pending.session.id().equals(session)) {
                pending.busy = true;
                // the reply, which the push may overtake, names the holder
                if (pending.place != null) {
                    refuseImpatient();
                }
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }
}
