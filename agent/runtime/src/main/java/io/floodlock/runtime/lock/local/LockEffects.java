package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.SpinMutex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The effects of one key's events, which its {@link Arbiter} decides. Wake-ups and the key's messages to Redis are
 * collected under the key's mutex and run after the mutex is released; listeners are called on agent threads. Guarded
 * by that mutex. {@link LocalLock} ends each event by {@link #unlock}.
 *
 * <p>An effect that fails for lack of stack or memory fails no event. The waiter goes on waiting, and
 * {@link LockTable#mend} later makes up for the request, the release or the wake-up that failed. Otherwise a thread
 * would leave with an Error but stay in the queue, and would be admitted long after it has gone.
 */
final class LockEffects implements Arbiter.Outside {

    private final LocalLock lock;
    private final SpinMutex mutex;
    private final LockTable locks;
    private final Services services;

    /** The request to be sent, or null. */
    private PendingGrant toSend;

    /** The queued request whose place must be looked up, or null. */
    private PendingGrant toLookUp;

    /** A grant has been given back; the release must be flushed. */
    private boolean released;

    /** Another JVM waits for a grant that was given back, or may do so. */
    private boolean awaited;

    /** The waiters to be woken. The first has a field of its own, as a list takes memory. */
    private Waiter wakeFirst;

    private final List<Waiter> wakeMore = new ArrayList<>(0);

    LockEffects(LocalLock lock, SpinMutex mutex, LockTable locks, Services services) {
        this.lock = lock;
        this.mutex = mutex;
        this.locks = locks;
        this.services = services;
    }

    @Override
    public void wake(Waiter waiter) {
        if (wakeFirst == null) {
            wakeFirst = waiter;
        } else {
            wakeMore.add(waiter);
        }
    }

    @Override
    public PendingGrant newAsk(Waiter head) {
        return new PendingGrant(lock, services.grants().incrementAndGet(), head.mode, head.waits, head.who);
    }

    @Override
    public void send(PendingGrant sent) {
        sent.inFlight = true;
        sent.sentNanos = System.nanoTime();
        sent.repeatAt = sent.sentNanos + PendingGrant.repeatNanos();
        toSend = sent;
    }

    @Override
    public void release(Session session, long grant) {
        LocalGrant hold = lock.hold();
        CompletableFuture<Void> known = null;
        boolean held = hold != null && hold.grant == grant;
        if (held && hold.busyAnnounced) {
            known = new CompletableFuture<>();
            hold.releaseAcknowledged = known;
        }
        lock.bucket.releaseLater(session, grant, lock.name, known);
        released = true;
        awaited |= !held || hold.revocationRequested();
    }

    @Override
    public void notifyOwner(Holding entry) {
        Ownership.Listener listener = entry.listener();
        if (listener != null) {
            services.agentThreads().execute(listener::wanted);
        }
    }

    @Override
    public void leaseEnded(Session session) {
        lock.bucket.leaseEnded(session);
    }

    @Override
    public void lost(LocalGrant hold, String why) {
        if (hold.active()) {
            services.agentThreads().execute(() -> services.events().lockLost(lock.name, why));
        }
        for (Holding entry : hold.entries) {
            Ownership.Listener listener = entry.listener();
            if (listener != null) {
                services.agentThreads().execute(listener::lost);
            }
        }
    }

    @Override
    public void hurry() {
        lock.bucket.renewNow();
    }

    @Override
    public boolean keeps(LocalGrant hold) {
        if (hold.keep && hold.keepUndecided) {
            hold.keepUndecided = false;
            hold.keep = locks.retention().keeps(lock.name);
        }
        if (!hold.keep || !locks.keeping()) {
            return false;
        }
        return lock.listed();
    }

    /** The place of a queued request must be looked up. */
    void look(PendingGrant request) {
        toLookUp = request;
    }

    void forgetRequests() {
        toSend = null;
        toLookUp = null;
    }

    /** Releases the mutex, then runs the collected effects. */
    void unlock() {
        Waiter first = wakeFirst;
        PendingGrant sent = toSend;
        PendingGrant looked = toLookUp;
        boolean flushes = released;
        boolean atOnce = awaited;
        List<Waiter> more;
        try {
            if (first == null && sent == null && looked == null && !flushes) {
                return;
            }
            more = wakeMore.isEmpty() ? List.of() : List.copyOf(wakeMore);
            wakeMore.clear();
            wakeFirst = null;
            forgetRequests();
            released = false;
            awaited = false;
        } catch (Throwable e) {
            lock.brokenOff();
            lock.repairs.due = true;
            throw e;
        } finally {
            mutex.unlock();
        }
        if (first != null) {
            locks.wake(first);
            for (int i = 0; i < more.size(); i++) {
                locks.wake(more.get(i));
            }
        }
        if (flushes) {
            flush(atOnce);
        }
        if (sent != null) {
            sendNow(sent);
        }
        if (looked != null) {
            lookUp(looked);
        }
    }

    private void flush(boolean atOnce) {
        try {
            lock.bucket.flushReleases(atOnce);
        } catch (Throwable e) {
            // the bucket keeps releases until the store has acknowledged them
            lock.repairs.due = true;
            rethrowOther(e);
        }
    }

    private void sendNow(PendingGrant request) {
        try {
            lock.bucket.acquire(request, (reply, problem) -> lock.dialog().answered(request, reply, problem));
        } catch (Throwable e) {
            noReply(request);
            rethrowOther(e);
        }
    }

    private void lookUp(PendingGrant request) {
        try {
            lock.bucket.look(request.place, (place, problem) -> lock.dialog().looked(request, place, problem));
        } catch (Throwable e) {
            noReply(request);
            rethrowOther(e);
        }
    }

    private void noReply(PendingGrant failed) {
        failed.inFlight = false;
        lock.eventMissed = true;
        lock.repairs.due = true;
    }

    private static void rethrowOther(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e && !(e instanceof VirtualMachineError)) {
            throw e;
        }
    }
}
