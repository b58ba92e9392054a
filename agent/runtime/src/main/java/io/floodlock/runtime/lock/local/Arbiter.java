package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which scopes of this JVM may hold one key, which of them wait, and when Redis is asked for the key. It is a
 * pure state machine: it knows no thread, no timer and no Redis. Each event is a method call, and each effect is a
 * call of {@link Outside}.
 *
 * <p>It guarantees that a scope is inside alone or only with others that share, under a live grant of this JVM as it
 * enters. Waiters enter in the order of the {@link WaitQueue}, except for the barging described below, and the queue
 * never stands before a free key.
 *
 * <p>{@link LocalLock} owns it and calls it under its mutex, which guards everything here. A scope that enters or
 * leaves where there is nothing to decide doesn't take the mutex but uses the {@link FastPath}. The comment below has
 * the state table and the reasons; read {@link FastPath} next.
 */
class Arbiter {

    /*
     * Terms. "Inside" means: has a Holding of this key. The "grant" is the LocalGrant in the field `hold`, this JVM's
     * grant of the key. The "request" is the PendingGrant in the field `ask`, an outstanding request to Redis. A
     * grant is "open" if further scopes may enter under it, else "closed". A "section" is the time one scope is
     * inside. A "reader" wants to share, a "writer" wants the key exclusively.
     *
     * Waiters stand in one queue, whose order WaitQueue describes. Every event ends in advance(), which looks at the
     * head of the queue, at the grant and at the request:
     *
     *   grant                  request  head of the queue      action
     *   ---------------------  -------  ---------------------  ------------------------------------------------------
     *   none                   none     any                    send a request to Redis
     *   none                   pending  not stronger than it   wait for the reply or a push
     *   none                   shared   exclusive              send an exclusive request: its newer grant id replaces
     *                                                          the older one
     *   none                   pending  nobody                 give the request up (release its grant id)
     *   session ended          -        any                    drop the grant, its scopes are lost; then as for none
     *   session in doubt       -        any                    wait for the renewal or comparison that decides
     *   open                   -        fits, others inside    admit it, look at the next
     *   open                   -        fits, nobody inside    if the grant is fresh, or the head has been passed
     *                                                          over for long enough, is present, can't compete or
     *                                                          shares: admit it, look at the next;
     *                                                          else: wake it to compete, and open the fast path
     *                                                          until its time is up
     *   open, does not fit     -        any, scopes inside     wait until they have left
     *   closed                 -        any, scopes inside     wait until they have left: nobody new enters
     *   closed, or weaker      -        any, nobody inside     send a request: its newer grant id gives the grant
     *                                                          back and queues in one call
     *   revocation requested,  -        nobody, nobody inside  release the grant
     *   or not to be kept
     *   else                   -        nobody                 keep the grant, and open the fast path if it is
     *                                                          exclusive
     *
     * Revocation. When another JVM waits, revocation of the grant is requested; it is never withdrawn. A grant is
     * open until then. After the request an exclusive grant stays open for 64 more entries and 10 ms, whichever ends
     * first. A shared grant closes at once, as the other JVM waits to write. A grant in which nobody has entered yet
     * ("fresh") admits the waiters at the head that fit, so that a grant is never passed on unused. A grant and a
     * request never exist together.
     *
     * Barging. To hand over to a sleeping thread costs a wake-up, during which nobody is inside. So a head that could
     * enter is woken, and any running thread may enter before it ("pass over" it) for a limited time: for two
     * sections or 20 us, whichever is more, counted from the wake-up. After that the key is given to the head, even
     * if it still sleeps. Where more than 32 wait, the 20 us are reduced, so that one round of all waiters is
     * lengthened by at most 640 us.
     *
     * A head that is awake lets running threads use up their time as long as they use it, since each hand-over costs
     * two threads their processors. It enters as soon as no other thread seems to enter. If it then finds somebody
     * inside, it stays "present" for a while: it is awake, and is given the key when the key is left.
     *
     * A waiter without a thread that could be woken (a callback) doesn't compete: it is given the key. So is a
     * reader: a read phase is admitted as a whole, and no reader passes over a writer, since the reader's section
     * would be a read phase of its own. Nobody passes over a head that hasn't been woken. A thread that fails to
     * enter wakes the head, or the head has been woken before. So the queue never stands before a free key:
     *   - free, head not woken: impossible, advance() has woken or admitted it
     *   - free, head woken but still asleep: it wakes and calls compete(); if it gives up instead, abandon() advances
     *     to the next
     *   - free, head awake: it calls compete() when its time is up at the latest
     *   - free, head present: impossible, advance() has admitted it
     *   - the head goes back to sleep: sleep() records this under the mutex, while somebody is inside; the leaving
     *     scope wakes it again
     *
     * Waking the next head earlier, while the scope before it is inside, doesn't pay: the processors that wait for
     * this key run threads then, and the system queues the awakened thread behind one of these.
     *
     * Every event shuts the fast path first, and opens it at its end if there is nothing to decide about the next
     * entry. So a decision under the mutex takes account of every scope that is inside, and a Holding is either at
     * the fast path or among the grant's entries.
     */

    /** The effects of events. Called under the mutex. */
    interface Outside {

        void send(PendingGrant ask);

        void release(Session session, long grant);

        /**
         * Wakes a waiter that has ended or should compete. Must not run any code of the waiter's own under the mutex.
         */
        void wake(Waiter waiter);

        void leaseEnded(Session session);

        void lost(LocalGrant hold, String why);

        /** Asks for a renewal now: its result decides whether the session is alive. */
        void hurry();

        void notifyOwner(Holding entry);

        /**
         * Whether this JVM may keep the grant while nobody uses it. If so, the callee makes sure that it is released
         * in time.
         */
        boolean keeps(LocalGrant hold);

        PendingGrant newAsk(Waiter head);
    }

    private final Outside outside;
    private final Clock clock;
    private final FastPath gate;
    private final WaitQueue waiters = new WaitQueue();

    private LocalGrant hold;
    private PendingGrant ask;

    /** Why the last request to Redis failed; null if one has been answered since. */
    private FloodlockFailure failure;

    /** Time of the current event, by nanoTime. */
    private long now;

    private long wall;

    /** Smoothed duration of sections. Written under the mutex; read without it, since it is only an estimate. */
    private long sectionNanos;

    Arbiter(Outside outside, Clock clock, FastPath gate) {
        this.outside = outside;
        this.clock = clock;
        this.gate = gate;
    }

    // events

    /** Every event begins here: shuts the fast path, so that scopes enter and leave only under the mutex. */
    private void begin() {
        now = clock.nanoTime();
        wall = clock.wallMillis();
        Holding inside = gate.shut();
        if (inside != null) {
            inside.hold.entries.add(inside);
        }
    }

    /** Admits the waiter, refuses it, or leaves it in the queue. */
    void enter(Waiter waiter) {
        begin();
        if (mayBarge(waiter)) {
            waiters.peek().passed++;
            admit(waiter);
            openToPass(waiters.peek());
        } else if (waiter.waits || mayEnterSoon(waiter.mode)) {
            waiters.add(waiter);
            waiter.present = true;
            advance();
            waiter.present = false;
            waiter.queued = true;
        } else {
            waiter.end(Waiter.End.REFUSED);
            advance();
        }
    }

    private boolean mayBarge(Waiter waiter) {
        Waiter head = waiters.peek();
        if (head == null || head.wokenNanos == 0) {
            return false;
        }
        boolean fair = waiter.competes() && waiter.mode == LockMode.EXCLUSIVE && head.mode == LockMode.EXCLUSIVE;
        if (!fair && waiter.waits) {
            return false;
        }
        if (hold == null || hold.active() || !hold.admits(waiter.mode)) {
            return false;
        }
        return hold.session.status(now, wall) == Session.Status.LIVE && hold.open(now) && !passedOver(head);
    }

    private boolean passedOver(Waiter head) {
        return head.wokenNanos != 0 && head.passed >= FastPath.BARGES && FastPath.timeIsUp(head, now);
    }

    /** Whether a waiter that doesn't wait should try at all: nobody of this JVM is before it. */
    private boolean mayEnterSoon(LockMode mode) {
        if (!waiters.isEmpty() || ask != null) {
            return false;
        }
        return hold == null || !hold.active() || (hold.open(now) && hold.admits(mode));
    }

    /** A woken waiter is awake: it is admitted, or stays present until {@link #sleep}. */
    void compete(Waiter waiter) {
        if (!waiter.ended()) {
            begin();
            waiter.present = true;
            advance();
        }
    }

    /** The waiter goes back to sleep and must be woken again. */
    void sleep(Waiter waiter) {
        waiter.present = false;
        waiter.woken = false;
    }

    /** Ends the wait of a waiter that still waits; otherwise changes nothing. */
    void abandon(Waiter waiter, Waiter.End how) {
        if (!waiter.ended()) {
            begin();
            waiters.remove(waiter);
            end(waiter, how);
            advance();
        }
    }

    /** Ends the wait of all waiters that match {@code meant}. */
    void abandon(Predicate<Waiter> meant, Waiter.End how) {
        begin();
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (meant.test(waiter)) {
                waiters.remove(all, waiter);
                end(waiter, how);
            }
        }
        advance();
    }

    /** The holding is no longer inside; changes nothing if it wasn't. */
    void leave(Holding entry) {
        begin();
        entry.setGone();
        if (entry.hold.entries.remove(entry) && entry.mode == LockMode.EXCLUSIVE) {
            sectionNanos += (now - entry.hold.usedNanos - sectionNanos) / 8;
        }
        advance();
    }

    /** Smoothed duration of the recent exclusive sections that were left under the mutex, in nanoseconds. */
    long sectionNanos() {
        return sectionNanos;
    }

    /** Redis has granted the pending request. */
    void granted(long token, boolean contended) {
        begin();
        PendingGrant fulfilled = ask;
        ask = null;
        failure = null;
        if (fulfilled.session.status() != Session.Status.ENDED) {
            hold = new LocalGrant(fulfilled, token);
            if (contended || fulfilled.revocationRequested) {
                hold.requestRevocation(now);
            }
        }
        advance();
    }

    /** The pending request has ended without a grant. */
    void denied() {
        begin();
        ask = null;
        advance();
    }

    /**
     * Redis has refused the waiters that match {@code meant} and has kept nothing of the request, so it needs no
     * release.
     */
    void refused(Predicate<Waiter> meant) {
        ask = null;
        abandon(meant, Waiter.End.REFUSED);
    }

    /** Redis could not be reached. The request stays pending and will be repeated; waiters that don't wait fail. */
    void failed(FloodlockFailure problem) {
        failure = problem;
        abandon(waiter -> !waiter.waits, Waiter.End.FAILED);
    }

    /** Redis has answered: the failure of an earlier request is forgotten. */
    void answered() {
        failure = null;
    }

    /** Another JVM waits for the grant. */
    void revocationRequested() {
        begin();
        hold.requestRevocation(now);
        hold.entries.forEach(outside::notifyOwner);
        advance();
    }

    /** From now on nobody enters under that grant, if it is still the current one. */
    void lastTurn(LocalGrant ending) {
        if (hold == ending) {
            begin();
            hold.lastTurn(now);
            advance();
        }
    }

    /** A session has ended, and with it what this JVM held or requested under it. */
    void sessionEnded(Session session, String why) {
        begin();
        if (hold != null && hold.session == session) {
            drop(why);
        }
        if (ask != null && ask.session == session) {
            ask.givenUp = true;
            ask = null;
        }
        advance();
    }

    /** Checks whether time, a renewal or the shutdown of the JVM has changed anything. */
    void look() {
        begin();
        advance();
    }

    /** Releases the grant if nobody has entered since {@code before}, by nanoTime. Returns whether it did. */
    boolean giveBackIdle(long before) {
        begin();
        boolean idle = hold != null && !hold.active() && waiters.isEmpty() && hold.usedNanos - before < 0;
        if (idle) {
            outside.release(hold.session, hold.grant);
            hold = null;
        }
        advance();
        return idle;
    }

    /**
     * Forgets a grant that nobody uses; the caller gives it back together with many others. Adds the grant id of what
     * is still held or requested to {@code kept}. Returns whether a grant was forgotten.
     */
    boolean shed(List<Long> kept) {
        begin();
        boolean idle = hold != null && !hold.active() && waiters.isEmpty();
        if (idle) {
            hold = null;
        }
        advance();
        if (hold != null) {
            kept.add(hold.grant);
        }
        if (ask != null) {
            kept.add(ask.grant);
        }
        return idle;
    }

    /** Removes holdings that have left without an event. */
    void sweep() {
        begin();
        if (hold != null) {
            hold.entries.removeIf(Holding::gone);
        }
        advance();
    }

    /** The state here can't be trusted: fails all waiters and forgets grant and request. */
    void startOver(FloodlockFailure why) {
        gate.shut();
        hold = null;
        if (ask != null) {
            ask.givenUp = true;
            ask = null;
        }
        for (Waiter waiter = waiters.discardHead(); waiter != null; waiter = waiters.discardHead()) {
            waiter.failure = why;
            waiter.end(Waiter.End.FAILED);
            outside.wake(waiter);
        }
    }

    // queries

    LocalGrant hold() {
        return hold;
    }

    PendingGrant ask() {
        return ask;
    }

    boolean anybodyWaits() {
        return !waiters.isEmpty();
    }

    /** Nobody is inside or waits, and there is no grant and no request. */
    boolean unused() {
        return hold == null && ask == null && waiters.isEmpty();
    }

    /** The first holding inside, or null. */
    Holding inside() {
        Holding entry = gate.inside();
        return entry != null || hold == null ? entry : hold.entries.peek();
    }

    /**
     * The caller of this JVM that is first in the queue, or for which the pending request was sent; null if there is
     * none.
     */
    Caller ahead() {
        Waiter head = waiters.peek();
        return head != null ? head.who : ask != null ? ask.who : null;
    }

    int countInside() {
        return gate.inside() != null ? 1 : hold == null ? 0 : hold.entries.size();
    }

    // decisions

    private void advance() {
        while (true) {
            Session.Status status = hold == null ? null : hold.session.status(now, wall);
            if (status == Session.Status.ENDED) {
                outside.leaseEnded(hold.session);
                drop("the lease has ended");
            }
            if (waiters.readerWaits() && hold != null && !hold.active()) {
                waiters.readersFirst();
            }
            Waiter head = waiters.peek();
            if (head == null) {
                rest();
                return;
            }
            if (hold != null) {
                if (status == Session.Status.DOUBTFUL) {
                    outside.hurry();
                    return;
                }
                if (hold.open(now) && hold.admits(head.mode)) {
                    if (!mustBeGiven(head)) {
                        wake(head);
                        openToPass(head);
                        return;
                    }
                    waiters.removeHead();
                    admit(head);
                    continue;
                }
                hold.fresh = false;
                if (hold.active()) {
                    openToPass(head);
                    return;
                }
                hold = null;
            }
            if (ask == null || (head.mode == LockMode.EXCLUSIVE && ask.mode == LockMode.SHARED)) {
                start(head);
            }
            return;
        }
    }

    private boolean mustBeGiven(Waiter head) {
        return hold.active()
                || hold.fresh
                || head.present
                || head.mode == LockMode.SHARED
                || !head.competes()
                || passedOver(head);
    }

    private void wake(Waiter head) {
        if (head.wokenNanos == 0) {
            head.wokenNanos = now == 0 ? 1 : now;
            head.bargeNanos = FastPath.bargeNanos(waiters.size());
        }
        if (!head.woken && head.queued) {
            head.woken = true;
            outside.wake(head);
        }
    }

    /** Nobody waits: keeps or releases the grant, and gives the request up. */
    private void rest() {
        if (hold != null) {
            hold.fresh = false;
            boolean kept = !hold.revocationRequested() && outside.keeps(hold);
            if (!kept && !hold.active()) {
                outside.release(hold.session, hold.grant);
                hold = null;
            } else if (kept && hold.mode == LockMode.EXCLUSIVE) {
                openGate(null);
            }
        }
        if (ask != null) {
            ask.givenUp = true;
            outside.release(ask.session, ask.grant);
            ask = null;
        }
    }

    /** Opens the fast path over a woken head, where there is nothing else to decide. */
    private void openToPass(Waiter head) {
        if (head.woken
                && !head.present
                && head.competes()
                && hold.mode == LockMode.EXCLUSIVE
                && !hold.revocationRequested()
                && hold.session.status(now, wall) == Session.Status.LIVE
                && !FastPath.timeIsUp(head, now)) {
            openGate(head);
        }
    }

    /** @param head the waiter that may be passed over; null if nobody waits */
    private void openGate(Waiter head) {
        Holding first = hold.entries.peek();
        if (first == null) {
            gate.open(hold, head);
        } else if (hold.entries.size() == 1 && first.mode == LockMode.EXCLUSIVE && first.listener() == null) {
            if (gate.open(hold, head, first)) {
                hold.entries.clear();
            }
        }
    }

    private void admit(Waiter waiter) {
        Holding entry = waiter.listener == null
                ? new Holding(hold, waiter.mode, waiter.who, wall)
                : new OwnerHolding(hold, waiter.mode, waiter.who, wall, waiter.listener);
        hold.entries.add(entry);
        waiters.admitted(waiter.mode);
        hold.usedNanos = now;
        hold.keep &= waiter.listener == null;
        waiter.entry = entry;
        end(waiter, Waiter.End.ENTERED);
        if (hold.revocationRequested()) {
            hold.turns--;
            outside.notifyOwner(entry);
        }
    }

    private void end(Waiter waiter, Waiter.End how) {
        waiter.failure = failure;
        waiter.unanswered =
                hold == null ? ask != null && !ask.answered : hold.session.status(now, wall) == Session.Status.DOUBTFUL;
        waiter.end(how);
        if (waiter.queued) {
            outside.wake(waiter);
        }
    }

    private void start(Waiter head) {
        if (ask != null) {
            ask.givenUp = true;
        }
        ask = outside.newAsk(head);
        failure = null;
        outside.send(ask);
    }

    /**
     * Forgets a lost grant. Its scopes keep a reference, by which they find out that they are lost; others may enter
     * under a new grant.
     */
    private void drop(String why) {
        LocalGrant lost = hold;
        hold = null;
        outside.lost(lost, why);
    }
}
