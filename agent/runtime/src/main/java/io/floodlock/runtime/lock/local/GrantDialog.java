package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.time.Scheduler;
import java.util.concurrent.TimeUnit;

/** What one key hears from Redis, by replies and by pushes, and what it makes of it. Thread-safe by the key's mutex. */
final class GrantDialog {

    /*
     * Replies, pushes and releases overtake each other. Grant ids grow within the JVM; the scripts ignore what a later grant
     * has replaced, and here
     *   - a grant heard by push before its own reply says "queued": the reply finds another ask, or none, and the hold bears
     *     its grant: ignored;
     *   - a reply "granted" or "queued" to a request that nobody here knows any more (given up, or repeated once too often):
     *     answered with a release, which is a no-op where an earlier release got there;
     *   - word that others want a grant that this JVM doesn't have (its reply was lost): answered with a release, unless the
     *     word has only overtaken one that is on its way.
     * So nothing held in Redis stays without somebody here who knows it, as long as anybody else asks for it.
     *
     * Who doesn't wait may meet a JVM that holds the key and doesn't use it. So it queues in Redis as others do, and the
     * holders, who hear of it, either give the key back, which grants it here, or say that they are busy. It is refused at
     * their word, or after 100 ms without any. That word stands in Redis for 100 ms or until the grant ends, as a hold that is
     * wanted is not kept: those who try next are refused by it at once and reach no holder (nor, mostly, a script: Word). But
     * then the key would seem in use while its release is on its way; so the thread that closes the last scope waits until Redis
     * has heard, or the word has passed: who learns from it that the key is free finds it free. A scope that no thread closes
     * can't wait; while one is inside, the word is for who asked alone. Where such a one takes over from a thread, who learns of
     * its end sooner than Redis does may be refused.
     */

    /** How long holders elsewhere may take to say that they use the key. */
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

    /** Who held the key when Redis said last that somebody does; null if it hasn't. */
    HolderInfo lastHolder() {
        return lastHolder;
    }

    /** The reply to a request, or its failure. */
    void answered(PendingGrant sent, GrantReply reply, FloodlockFailure problem) {
        lock.begin();
        try {
            sent.inFlight = false;
            if (sent != arbiter.ask()) {
                boolean stored = reply instanceof GrantReply.Granted || reply instanceof GrantReply.Queued;
                if (stored && !holds(sent.grant)) {
                    lock.release(sent.session, sent.grant);
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

    /** Where a queued request stands, null if it is to be sent again; or why that isn't known. */
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
                lock.send(queued);
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
            // the session has ended, or a later grant is known: ask anew
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

    /** The holders elsewhere don't give the key up for one who doesn't wait. */
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
    void heardGranted(String session, long grant, GrantReply.Granted granted) {
        lock.begin();
        try {
            PendingGrant ask = arbiter.ask();
            if (ask != null
                    && ask.grant == grant
                    && ask.session != null
                    && ask.session.id().equals(session)) {
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
     * @param asker to be answered if the key is in use; null if it waits anyway
     */
    void revocationRequested(String session, long grant, RemoteTry asker) {
        bucket.releaseEnded(session, grant, name);
        lock.begin();
        try {
            PendingGrant ask = arbiter.ask();
            boolean used;
            if (holds(grant)) {
                if (!arbiter.hold().revocationRequested()) {
                    retention.contended(name);
                }
                arbiter.revocationRequested();
                used = holds(grant);
            } else if (ask != null && ask.grant == grant) {
                ask.revocationRequested = true;
                used = true;
            } else {
                bucket.releaseUnknown(session, grant, name);
                used = false;
            }
            if (used && asker != null) {
                bucket.tellBusy(asker, name, byThread(grant));
            }
        } catch (Throwable e) {
            lock.brokenOff();
            throw e;
        } finally {
            lock.settled();
        }
    }

    /** The hold, if those inside are threads', which may be made to wait when they leave; else null. The gate is shut. */
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

    /** A push says that the key is in use, to one who doesn't wait. */
    void heardBusy(String session, long grant) {
        lock.begin();
        try {
            PendingGrant ask = arbiter.ask();
            if (ask != null
                    && ask.grant == grant
                    && ask.session != null
                    && ask.session.id().equals(session)) {
                ask.busy = true;
                // who it is comes with the reply, which a push may overtake
                if (ask.place != null) {
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
