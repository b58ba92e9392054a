package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.thread.SpinMutex;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from an event of one key: collected under its mutex, done after it. Guarded by that mutex.
 *
 * <p>What fails here fails no event: a waiter goes on waiting, and what could not be sent, given back or woken is sent,
 * given back or woken by the thread that mends. Else a thread would leave with an Error and stay in the queue, to be
 * let in when it has long gone.
 */
final class PendingEffects {

    private final LocalLock lock;
    private final SpinMutex mutex;
    private final LockTable locks;

    /** To be sent. */
    private PendingGrant asked;

    /** To be looked for. */
    private PendingGrant sought;

    /** A grant has been given back. */
    private boolean released;

    /** And another JVM waits for it, as far as is known. */
    private boolean awaited;

    /** To be woken. The first has a field of its own, as a list takes memory. */
    private Waiter wakeFirst;

    private final List<Waiter> wakeMore = new ArrayList<>(0);

    PendingEffects(LocalLock lock, SpinMutex mutex, LockTable locks) {
        this.lock = lock;
        this.mutex = mutex;
        this.locks = locks;
    }

    void wake(Waiter waiter) {
        if (wakeFirst == null) {
            wakeFirst = waiter;
        } else {
            wakeMore.add(waiter);
        }
    }

    void send(PendingGrant request) {
        asked = request;
    }

    void look(PendingGrant request) {
        sought = request;
    }

    void release(boolean forOthers) {
        released = true;
        awaited |= forOthers;
    }

    void forgetRequests() {
        asked = null;
        sought = null;
    }

    /** Lets the mutex go, then does what is pending. */
    void unlock() {
        Waiter first = wakeFirst;
        PendingGrant sent = asked;
        PendingGrant looked = sought;
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
            locks.tell(first);
            for (int i = 0; i < more.size(); i++) {
                locks.tell(more.get(i));
            }
        }
        if (flushes) {
            flush(atOnce);
        }
        if (sent != null) {
            ask(sent);
        }
        if (looked != null) {
            seek(looked);
        }
    }

    private void flush(boolean atOnce) {
        try {
            lock.bucket.flushReleases(atOnce);
        } catch (Throwable e) {
            // they are kept until the store has acknowledged them
            lock.repairs.due = true;
            rethrowOther(e);
        }
    }

    private void ask(PendingGrant request) {
        try {
            lock.bucket.acquire(request, (reply, problem) -> lock.asking().answered(request, reply, problem));
        } catch (Throwable e) {
            noReply(request);
            rethrowOther(e);
        }
    }

    private void seek(PendingGrant request) {
        try {
            lock.bucket.look(request.place, (place, problem) -> lock.asking().looked(request, place, problem));
        } catch (Throwable e) {
            noReply(request);
            rethrowOther(e);
        }
    }

    private void noReply(PendingGrant failed) {
        failed.inFlight = false;
        lock.unheard = true;
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
