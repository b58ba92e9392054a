package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who of this JVM may be inside one key. It knows no thread, no timer and no Redis: events come in by its methods, and what
 * follows goes out by {@link Outside}. All is guarded by its caller's mutex; where there is nothing to decide who comes and goes
 * doesn't take that, but passes by the {@link FastPath}.
 */
class Arbiter {

    /*
     * Waiters stand in one queue in order of arrival; every event ends in advance(), which looks at the head of the queue and
     * at two facts, what is held and what has been asked:
     *
     *   hold                      ask     head of the queue        then
     *   ------------------------  ------  -----------------------  ---------------------------------------------------
     *   none                      none    any                      ask Redis
     *   none                      open    no stronger than asked   wait for reply or push
     *   none                      shared  exclusive                ask again, exclusively: the newer grant id replaces the older
     *   none                      open    nobody                   give the ask up (release of its grant)
     *   session ended             -       any                      drop the hold, its scopes are lost; as none
     *   session in doubt          -       any                      wait for the renewal or comparison that decides
     *   open                      -       fits, others inside      let it in, look at the next
     *   open                      -       fits, nobody inside      fresh, or passed over for long enough, or present, or one
     *                                                              that can't compete or shares: let it in, look at the next
     *                                                              else: wake it to compete, and open the gate for so long
     *   open, does not fit        -       any, scopes inside       wait until they have left
     *   closed                    -       any, scopes inside       wait until they have left: nobody new enters
     *   closed, or weaker         -       any, nobody inside       ask Redis: the newer grant id gives the hold back and
     *                                                              queues in one call
     *   wanted, or not to keep    -       nobody, nobody inside    release
     *   else                      -       nobody                   keep, and open the gate if the hold is exclusive
     *
     * Readers and writers. When a writer has left and somebody waits to read, all who wait to read come to the head of the
     * queue, and when one of them is let in with nobody inside, all do: a read phase is as large as it can be, who comes later
     * stands behind the next writer, and after that writer it is the readers' turn again. So a writer waits for one read phase
     * and the writers before it, each with its own, and a reader for one writer.
     *
     * Another JVM waits: the hold is "wanted", once and for all. It is open while nobody wants it; when somebody does, an
     * exclusive one for 64 more entries and 10 ms, whichever ends first, and a shared one not at all, as the other waits to
     * write. A hold just granted ("fresh") lets in those at the head who fit, so that a grant is never passed on unused. A
     * hold and an ask never exist together.
     *
     * Barging. To hand over to a thread that sleeps costs a wake-up, in which nobody is inside. So the head that could enter
     * is woken, and whoever runs may enter before it: at most for two sections or 20 us, whichever is more, counted from the
     * wake-up. Past that the key is given to the head, in its sleep if need be. Where more than 32 wait the 20 us become fewer,
     * so that a round of all who wait is lengthened by 640 us at most. A head that is awake lets those who run finish their
     * time where they use it, as each hand-over costs two threads their places; it enters as soon as nobody seems to come.
     * Then, if it finds somebody inside, it stays present for a while without sleeping, and is given the key when it is left.
     * What has no thread to be woken (a callback) doesn't compete: it is given the key. So is who wants to share: a read phase
     * is let in as a whole, and no reader passes over a writer, whose section would be a phase of its own. Nobody passes over
     * a head that hasn't been woken, and whoever fails to enter wakes or has woken the head, so the queue never stands before
     * a free key:
     *   - free, head not woken          can't be: advance() has woken it or let it in
     *   - free, head woken, asleep yet  it comes and calls compete(); if it gives up instead, abandon() advances to the next
     *   - free, head awake              it calls compete() after its time at the latest
     *   - free, head present            can't be: advance() has let it in
     *   - it goes back to sleep         sleep() says so under the mutex, when somebody is inside; who leaves wakes it again
     *
     * To wake the next head sooner, while the one before it is inside, doesn't pay: the processors that wait for this key have
     * threads on them then, and the system puts the one that awakes behind one of these.
     *
     * Every event shuts the gate first, and opens it at its end if nothing is to be decided about who comes next. So what is
     * decided under the mutex is decided about all that are inside, and an entry is either at the gate or among the hold's
     * entries.
     */

    /** What follows from events. Called under the mutex. */
    interface Outside {

        void send(PendingGrant ask);

        void release(Session session, long grant);

        /** It has ended, or should compete. Must not run anything of the waiter's under the mutex. */
        void wake(Waiter waiter);

        void leaseEnded(Session session);

        void lost(LocalGrant hold, String why);

        /** A renewal decides whether the session lives. */
        void hurry();

        void tellWanted(Holding entry);

        /** Whether the hold may stay though nobody uses it; if so it will be looked after. */
        boolean keeps(LocalGrant hold);

        PendingGrant newAsk(Waiter head);
    }

    private final Outside outside;
    private final Clock clock;
    private final FastPath gate;
    private final Deque<Waiter> waiters = new ArrayDeque<>(2);

    /** How many of them want to share. */
    private int waitingToShare;

    /** A writer was inside last. */
    private boolean readersTurn;

    private LocalGrant hold;
    private PendingGrant ask;

    /** What the last request to Redis failed with, if none has been answered since. */
    private FloodlockFailure failure;

    /** The moment of the event under way. */
    private long now;

    private long wall;

    /** Written under the mutex; read without it, as it is a guess anyway. */
    private long sectionNanos;

    Arbiter(Outside outside, Clock clock, FastPath gate) {
        this.outside = outside;
        this.clock = clock;
        this.gate = gate;
    }

    // events

    /** Every event begins here: nobody enters or leaves any more but under the mutex. */
    private void begin() {
        now = clock.nanoTime();
        wall = clock.wallMillis();
        Holding inside = gate.shut();
        if (inside != null) {
            inside.hold.entries.add(inside);
        }
    }

    /** Lets the waiter in, refuses it, or leaves it in the queue. */
    void enter(Waiter waiter) {
        begin();
        if (mayBarge(waiter)) {
            waiters.peek().passed++;
            admit(waiter);
            openToPass(waiters.peek());
        } else if (waiter.waits || mayEnterSoon(waiter.mode)) {
            waiters.add(waiter);
            waitingToShare += waiter.mode == LockMode.SHARED ? 1 : 0;
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

    /** Whether one who doesn't wait should ask at all: nobody is before it in this JVM. */
    private boolean mayEnterSoon(LockMode mode) {
        if (!waiters.isEmpty() || ask != null) {
            return false;
        }
        return hold == null || !hold.active() || (hold.open(now) && hold.admits(mode));
    }

    /** A woken waiter is there: it enters, or stays present until {@link #sleep}. */
    void compete(Waiter waiter) {
        if (!waiter.ended()) {
            begin();
            waiter.present = true;
            advance();
        }
    }

    /** It will have to be woken. */
    void sleep(Waiter waiter) {
        waiter.present = false;
        waiter.woken = false;
    }

    /** Ends the waiting of one who still waits; else changes nothing. */
    void abandon(Waiter waiter, Waiter.End how) {
        if (!waiter.ended()) {
            begin();
            waiters.remove(waiter);
            left(waiter);
            end(waiter, how);
            advance();
        }
    }

    /** Ends the waiting of all who are {@code meant}. */
    void abandon(Predicate<Waiter> meant, Waiter.End how) {
        begin();
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (meant.test(waiter)) {
                all.remove();
                left(waiter);
                end(waiter, how);
            }
        }
        advance();
    }

    /** The entry is inside no more, if it was. */
    void leave(Holding entry) {
        begin();
        entry.setGone();
        if (entry.hold.entries.remove(entry) && entry.mode == LockMode.EXCLUSIVE) {
            sectionNanos += (now - entry.hold.usedNanos - sectionNanos) / 8;
        }
        advance();
    }

    /** How long sections that were left by the mutex took of late. */
    long sectionNanos() {
        return sectionNanos;
    }

    /** Redis has granted the ask. */
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

    /** The ask has come to nothing. */
    void denied() {
        begin();
        ask = null;
        advance();
    }

    /** Redis has refused those who are {@code meant}, and nothing is left there of the ask: it needs no release. */
    void refused(Predicate<Waiter> meant) {
        ask = null;
        abandon(meant, Waiter.End.REFUSED);
    }

    /** Redis could not be asked; the ask stands and will be repeated. Those who don't wait fail. */
    void failed(FloodlockFailure problem) {
        failure = problem;
        abandon(waiter -> !waiter.waits, Waiter.End.FAILED);
    }

    /** Redis has answered. */
    void answered() {
        failure = null;
    }

    /** Another JVM waits for the hold. */
    void revocationRequested() {
        begin();
        hold.requestRevocation(now);
        hold.entries.forEach(outside::tellWanted);
        advance();
    }

    /** Nobody enters under that hold any more, if it still stands. */
    void lastTurn(LocalGrant ending) {
        if (hold == ending) {
            begin();
            hold.lastTurn(now);
            advance();
        }
    }

    /** A session has ended, and what it held or asked. */
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

    /** Looks whether time, a renewal or the end of the JVM has changed anything. */
    void look() {
        begin();
        advance();
    }

    /** Gives the hold back if nobody has entered since {@code before}, by nanoTime; true if it did. */
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

    /** Forgets a hold that nobody uses, whose grant is given back with many others; adds what is still held or asked to {@code kept}. */
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

    /** Some who are inside may have left without an event. */
    void sweep() {
        begin();
        if (hold != null) {
            hold.entries.removeIf(Holding::gone);
        }
        advance();
    }

    /** Nothing that is known here can be trusted: all who wait are sent away, and nothing is held or asked. */
    void startOver(FloodlockFailure why) {
        gate.shut();
        hold = null;
        if (ask != null) {
            ask.givenUp = true;
            ask = null;
        }
        waitingToShare = 0;
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.failure = why;
            waiter.end(Waiter.End.FAILED);
            outside.wake(waiter);
        }
    }

    // what is known

    LocalGrant hold() {
        return hold;
    }

    PendingGrant ask() {
        return ask;
    }

    boolean anybodyWaits() {
        return !waiters.isEmpty();
    }

    /** Nobody is inside or waits, and nothing is held or asked. */
    boolean unused() {
        return hold == null && ask == null && waiters.isEmpty();
    }

    /** The first of those inside, or null. */
    Holding inside() {
        Holding entry = gate.inside();
        return entry != null || hold == null ? entry : hold.entries.peek();
    }

    /** The first of this JVM that wants it and isn't inside, or null. */
    Caller ahead() {
        Waiter head = waiters.peek();
        return head != null ? head.who : ask != null ? ask.who : null;
    }

    int countInside() {
        return gate.inside() != null ? 1 : hold == null ? 0 : hold.entries.size();
    }

    // what follows

    private void advance() {
        while (true) {
            Session.Status status = hold == null ? null : hold.session.status(now, wall);
            if (status == Session.Status.ENDED) {
                outside.leaseEnded(hold.session);
                drop("the lease has ended");
            }
            readersFirst();
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
                    waiters.poll();
                    left(head);
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

    /** Whoever has left the queue. */
    private void left(Waiter waiter) {
        waitingToShare -= waiter.mode == LockMode.SHARED ? 1 : 0;
    }

    /** A read phase is about to begin: all who wait to read take part. */
    private void readersFirst() {
        if (waitingToShare == 0 || hold == null || hold.active()) {
            return;
        }
        boolean begins = readersTurn || waiters.peek().mode == LockMode.SHARED;
        if (begins && waitingToShare < waiters.size()) {
            List<Waiter> writers = new ArrayList<>();
            waiters.removeIf(waiter -> waiter.mode == LockMode.EXCLUSIVE && writers.add(waiter));
            waiters.addAll(writers);
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

    /** Nobody waits. */
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

    /** The head has been woken and may be passed over, by the gate where nothing else is to be decided. */
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

    /** @param head who may be passed over; null if nobody waits */
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
        readersTurn = waiter.mode == LockMode.EXCLUSIVE;
        hold.usedNanos = now;
        hold.keep &= waiter.listener == null;
        waiter.entry = entry;
        end(waiter, Waiter.End.ENTERED);
        if (hold.revocationRequested()) {
            hold.turns--;
            outside.tellWanted(entry);
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

    /** Forgets a lost hold. Its scopes keep it, to learn that they are lost; others may enter under a new one. */
    private void drop(String why) {
        LocalGrant lost = hold;
        hold = null;
        outside.lost(lost, why);
    }
}
