package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One key within this JVM: who is inside, who waits, and what Redis has been asked. Thread-safe. */
final class LocalLock {

    /*
     * The JVM holds, scopes share. Waiters stand in one queue in order of arrival; every event ends in advance(), which looks
     * at the head of the queue and at two facts, what is held and what has been asked:
     *
     *   hold                      ask     head of the queue        then
     *   ------------------------  ------  -----------------------  ---------------------------------------------------
     *   none                      none    any                      ask Redis
     *   none                      open    no stronger than asked   wait for reply or push
     *   none                      shared  exclusive                ask again, exclusively: the newer grant id replaces the older
     *   none                      open    nobody                   give the ask up (release of its grant)
     *   session ended             -       any                      drop the hold, its scopes are lost; as none
     *   session in doubt          -       any                      wait for the renewal or comparison that decides
     *   usable, not wanted        -       fits beside those inside let it in, look at the next
     *   usable, wanted            -       any, scopes inside       wait until they have left: nobody new enters
     *   usable, does not fit      -       any, scopes inside       wait until they have left
     *   usable, wanted or weaker  -       any, nobody inside       ask Redis: the newer grant id gives the hold back and
     *                                                              queues in one call
     *   any                       -       nobody, nobody inside    release
     *
     * "Wanted" means that another JVM waits; a hold just granted lets in those at the head who fit, wanted or not, so that a
     * grant is never passed on unused. A hold and an ask never exist together.
     *
     * Replies, pushes and releases overtake each other. Grant ids grow within the JVM; the scripts ignore what a later grant
     * has replaced, and here
     *   - a grant heard by push before its own reply says "queued": the reply finds another ask, or none, and the hold bears
     *     its grant: ignored;
     *   - a reply "granted" or "queued" to a request that nobody here knows any more (given up, or repeated once too often):
     *     answered with a release, which is a no-op where an earlier release got there;
     *   - word that others want a grant that this JVM doesn't have (its reply was lost): answered with a release.
     * So nothing held in Redis stays without somebody here who knows it, as long as anybody else asks for it.
     *
     * Who waits. A waiter ends once, under the mutex: let in, refused, failed, timed out, withdrawn, or sent away as the JVM
     * shuts down. Whichever comes first counts, and the others find it ended: a deadline that passes while the grant arrives
     * either takes the waiter out of the queue or finds it inside. A thread sleeps until it is told or its own deadline comes,
     * an asynchronous waiter's deadline comes from the timer; no waiter looks at the lock in between, and none depends on
     * another one's waking up.
     *
     * Who drives. What nobody tells has to be looked for: a lost push, a request that failed, a hold whose session ends
     * unheard. As long as somebody waits, one task of the timer, the driver, looks every 250 ms or so, sends again what is due
     * and calls advance(). Each event makes sure that a driver is under way (watch()), so that it can't be missing: it is
     * there, or the queue is empty, or a request is in flight whose reply or failure, which Redis's client owes within its
     * timeout, is such an event. A driver that finds nobody waiting ends. It is the lock's, not a waiter's: whoever leaves or
     * is cancelled leaves it alone, and a visit that is no longer needed only looks.
     *   - timer and answer: both take the mutex. The answer first: nothing is due. The timer first: the request is sent again
     *     with the same grant id, which the script answers in the same way, and the second reply finds another ask or none.
     *   - timer and cancel: the last waiter's leaving gives the ask up; the driver then finds none.
     *
     * The mutex is never held while waiting, and no other lock's mutex is taken under it. Waiters and listeners that run
     * anything are called on agent threads.
     */

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    final String name;
    final Bucket bucket;
    private final Node node;
    private final Locks locks;

    private final ReentrantLock mutex = new ReentrantLock();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private Hold hold;
    private Ask ask;
    private Holder lastHolder;

    /** What the last request failed with, if none has been answered since. */
    private FloodlockFailure failure;

    /** The driver's next visit, or null. */
    private Timer.Task drive;

    private long driveAt;

    LocalLock(String name, Bucket bucket, Node node, Locks locks) {
        this.name = name;
        this.bucket = bucket;
        this.node = node;
        this.locks = locks;
    }

    /** Lets the waiter in, refuses it, or leaves it in the queue; it never blocks. */
    void enter(Waiter waiter) {
        mutex.lock();
        try {
            if (locks.closing()) {
                waiter.end(Waiter.End.CLOSING);
            } else if (!waiter.patient && !mayEnterSoon(waiter.mode)) {
                refuse(waiter, holder());
            } else {
                waiters.add(waiter);
                settle();
                waiter.queued = true;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Whether one who doesn't wait should ask at all: nobody is before it in this JVM. */
    private boolean mayEnterSoon(Mode mode) {
        if (!waiters.isEmpty() || ask != null) {
            return false;
        }
        return hold == null || !hold.active() || (!hold.wanted && hold.admits(mode));
    }

    private static void refuse(Waiter waiter, Holder holder) {
        waiter.refused = holder;
        waiter.end(Waiter.End.REFUSED);
    }

    /** Ends the waiting of one who still waits; else changes nothing. */
    void abandon(Waiter waiter, Waiter.End how) {
        mutex.lock();
        try {
            if (!waiter.ended()) {
                waiters.remove(waiter);
                end(waiter, how);
                settle();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Nobody waits here any more: the JVM shuts down. */
    void abandonAll() {
        mutex.lock();
        try {
            for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
                end(waiter, Waiter.End.CLOSING);
            }
            settle();
        } finally {
            mutex.unlock();
        }
    }

    private void end(Waiter waiter, Waiter.End how) {
        waiter.failure = failure;
        waiter.unanswered = hold == null && ask != null && !ask.queued;
        waiter.end(how);
    }

    boolean retain(Entry entry) {
        mutex.lock();
        try {
            if (entry.gone()) {
                return false;
            }
            entry.users++;
            return true;
        } finally {
            mutex.unlock();
        }
    }

    void leave(Entry entry) {
        boolean last;
        mutex.lock();
        try {
            entry.users--;
            last = entry.users == 0 && remove(entry);
        } finally {
            mutex.unlock();
        }
        if (last) {
            locks.unuse(this);
        }
    }

    void evict(Entry entry) {
        boolean removed;
        mutex.lock();
        try {
            removed = remove(entry);
        } finally {
            mutex.unlock();
        }
        if (removed) {
            locks.unuse(this);
        }
    }

    private boolean remove(Entry entry) {
        if (entry.gone()) {
            return false;
        }
        entry.setGone();
        if (entry.hold.entries.remove(entry) && entry.hold == hold) {
            settle();
        }
        return true;
    }

    /** Every event ends here. */
    private void settle() {
        advance();
        watch();
    }

    private void advance() {
        while (true) {
            if (hold != null && hold.session.status() == Session.Status.ENDED) {
                bucket.lose(hold.session, "its lease could not be renewed in time");
                drop("the lease has ended");
            }
            Waiter head = waiters.peek();
            if (head == null) {
                rest();
                return;
            }
            if (hold != null) {
                if (hold.session.status() == Session.Status.DOUBTFUL) {
                    locks.hurryRenewal();
                    return;
                }
                if ((!hold.wanted || hold.fresh) && hold.admits(head.mode)) {
                    admit(waiters.poll());
                    continue;
                }
                hold.fresh = false;
                if (hold.active()) {
                    return;
                }
                hold = null;
            }
            if (ask == null || (head.mode == Mode.EXCLUSIVE && ask.mode == Mode.SHARED)) {
                start(head);
            }
            return;
        }
    }

    /** Nobody waits: what nobody uses goes back. */
    private void rest() {
        if (hold != null) {
            hold.fresh = false;
            if (!hold.active()) {
                bucket.release(hold.session, hold.grant, name);
                hold = null;
            }
        }
        if (ask != null) {
            ask.givenUp = true;
            bucket.release(ask.session, ask.grant, name);
            ask = null;
        }
    }

    private void admit(Waiter waiter) {
        Entry entry = new Entry(hold, waiter.mode, waiter.who, node.clock().wallMillis(), waiter.listener);
        hold.entries.add(entry);
        waiter.entry = entry;
        waiter.end(Waiter.End.ENTERED);
        if (hold.wanted) {
            tellOwner(entry);
        }
    }

    private void start(Waiter head) {
        if (ask != null) {
            ask.givenUp = true;
        }
        ask = new Ask(node.grants().incrementAndGet(), head.mode, head.patient, head.who);
        failure = null;
        send(ask);
    }

    private void send(Ask sent) {
        sent.inFlight = true;
        sent.repeatAt = System.nanoTime() + jittered(REPEAT_NANOS);
        bucket.acquire(sent, name, (reply, problem) -> answered(sent, reply, problem));
    }

    private void answered(Ask sent, Reply reply, FloodlockFailure problem) {
        mutex.lock();
        try {
            sent.inFlight = false;
            if (sent != ask) {
                boolean stored = reply != null && (reply.is("granted") || reply.is("queued"));
                if (stored && (hold == null || hold.grant != sent.grant)) {
                    bucket.release(sent.session, sent.grant, name);
                }
                return;
            }
            failure = problem;
            if (problem != null) {
                sent.repeatAt = System.nanoTime() + jittered(RETRY_NANOS);
                failImpatient();
                settle();
                return;
            }
            switch (reply.kind()) {
                case "granted" -> granted(reply.number(2), reply.text(3).equals("1"));
                case "queued" -> {
                    sent.queued = true;
                    lastHolder = reply.holder();
                }
                case "busy" -> {
                    ask = null;
                    lastHolder = reply.holder();
                    Waiter head = waiters.peek();
                    if (head != null && !head.patient) {
                        refuse(waiters.poll(), lastHolder);
                    }
                }
                default -> {
                    // the session has ended, or a later grant is known: ask anew
                    ask = null;
                }
            }
            settle();
        } finally {
            mutex.unlock();
        }
    }

    private void failImpatient() {
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (!waiter.patient) {
                all.remove();
                end(waiter, Waiter.End.FAILED);
            }
        }
    }

    /** Redis has granted what was asked. */
    private void granted(long token, boolean contended) {
        Ask fulfilled = ask;
        ask = null;
        if (fulfilled.session.status() != Session.Status.ENDED) {
            hold = new Hold(
                    this, fulfilled.session, fulfilled.grant, fulfilled.mode, token, contended || fulfilled.wanted);
        }
    }

    /** A push says that Redis has granted {@code grant} to this session. */
    void heardGranted(String session, long grant, long token, boolean contended) {
        mutex.lock();
        try {
            if (ask != null && ask.grant == grant && ask.session != null && ask.session.id.equals(session)) {
                failure = null;
                granted(token, contended);
                settle();
            } else if (hold == null || hold.grant != grant) {
                releaseUnknown(session, grant);
            }
        } finally {
            mutex.unlock();
        }
    }

    /** A push says that another JVM waits for {@code grant}. */
    void heardWanted(String session, long grant) {
        mutex.lock();
        try {
            if (hold != null && hold.grant == grant) {
                hold.wanted = true;
                hold.entries.forEach(this::tellOwner);
            } else if (ask != null && ask.grant == grant) {
                ask.wanted = true;
            } else {
                releaseUnknown(session, grant);
            }
        } finally {
            mutex.unlock();
        }
    }

    private void releaseUnknown(String session, long grant) {
        Session current = bucket.session();
        if (current != null && current.id.equals(session)) {
            bucket.release(current, grant, name);
        }
    }

    private void tellOwner(Entry entry) {
        if (entry.listener != null) {
            node.agentThreads().execute(entry.listener::wanted);
        }
    }

    /** The session that holds or asks has ended. */
    void sessionEnded(Session session, String why) {
        mutex.lock();
        try {
            if (hold != null && hold.session == session) {
                drop(why);
            }
            if (ask != null && ask.session == session) {
                ask.givenUp = true;
                ask = null;
            }
            settle();
        } finally {
            mutex.unlock();
        }
    }

    /** Forgets a lost hold. Its scopes keep it, to learn that they are lost; others may enter under a new one. */
    private void drop(String why) {
        Hold lost = hold;
        hold = null;
        node.agentThreads().execute(() -> node.events().lockLost(name, why));
        for (Entry entry : lost.entries) {
            if (entry.listener != null) {
                node.agentThreads().execute(entry.listener::lost);
            }
        }
    }

    boolean stillHolds(Hold compared) {
        mutex.lock();
        try {
            return hold == compared;
        } finally {
            mutex.unlock();
        }
    }

    Hold holdOf(Session session) {
        mutex.lock();
        try {
            return hold != null && hold.session == session ? hold : null;
        } finally {
            mutex.unlock();
        }
    }

    /** Repeats what has been asked, or looks again, without waiting for the time to come. */
    void recheck() {
        mutex.lock();
        try {
            if (ask != null && ask.queued && !ask.inFlight) {
                send(ask);
            } else if (ask == null) {
                settle();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Lets the driver come, if somebody waits and nothing under way will wake this lock. */
    private void watch() {
        if (waiters.isEmpty() || (ask != null && ask.inFlight) || (ask == null && drive != null)) {
            return;
        }
        long at = ask != null ? ask.repeatAt : System.nanoTime() + jittered(REPEAT_NANOS);
        if (drive != null) {
            if (at - driveAt >= 0) {
                return;
            }
            drive.cancel();
        }
        driveAt = at;
        drive = node.timer().after(Math.max(0, at - System.nanoTime()), this::drive);
    }

    private void drive() {
        mutex.lock();
        try {
            drive = null;
            if (ask == null) {
                advance();
            } else if (!ask.inFlight && System.nanoTime() - ask.repeatAt >= 0) {
                send(ask);
            }
            watch();
        } finally {
            mutex.unlock();
        }
    }

    /** Draws the fencing token of one exclusive scope: greater than that of every scope before it, the same at every question. */
    long token(Entry entry, Duration patience) {
        while (true) {
            mutex.lock();
            try {
                if (!entry.held()) {
                    throw entry.lost();
                }
                if (entry.token == 0) {
                    entry.token = entry.hold.drawToken();
                }
                if (entry.token != 0) {
                    return entry.token;
                }
            } finally {
                mutex.unlock();
            }
            bucket.reserveTokens(entry.hold, patience);
        }
    }

    /** Who is in the way, as far as this JVM knows. */
    Holder holder() {
        mutex.lock();
        try {
            Entry inside = hold == null ? null : hold.entries.peek();
            if (inside == null) {
                return lastHolder;
            }
            return new Holder(hold.entries.size(), inside.mode, inside.who, inside.sinceMillis, "this JVM");
        } finally {
            mutex.unlock();
        }
    }

    private static long jittered(long nanos) {
        return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2);
    }
}
