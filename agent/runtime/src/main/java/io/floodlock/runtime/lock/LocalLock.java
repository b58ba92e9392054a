package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One key within this JVM: an {@link Arbiter} with its mutex, and what it asks of Redis. Thread-safe. */
final class LocalLock implements Arbiter.Outside {

    /*
     * The JVM holds, scopes share. The arbiter's table says who is inside and when Redis is asked; here is how.
     *
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
     * wanted is not kept: those who try next are refused by it at once and reach no holder. But then the key would seem in use
     * while its release is on its way; so the thread that closes the last scope waits until Redis has heard, or the word has
     * passed: who learns from it that the key is free finds it free. A scope that no thread closes can't wait; while one is
     * inside, the word is for who asked alone. Where such a one takes over from a thread, who learns of its end sooner than
     * Redis does may be refused.
     *
     * Who waits. A waiter ends once, under the mutex: let in, refused, failed, timed out, withdrawn, or sent away as the JVM
     * shuts down. Whichever comes first counts, and the others find it ended: a deadline that passes while the grant arrives
     * either takes the waiter out of the queue or finds it inside. A thread sleeps until it is woken or its own deadline
     * comes, an asynchronous waiter's deadline comes from the timer; no waiter looks at the lock in between. Waking comes
     * after the mutex, so it may meet a waiter that has learnt its end by itself, which doesn't mind.
     *
     * Who drives. What nobody tells has to be looked for: a lost push, a request that failed, a hold whose session ends
     * unheard. As long as somebody waits, one task of the timer, the driver, looks every 250 ms or so, sends again what is due
     * and looks at the table. Each event makes sure that a driver is under way (watch()), so that it can't be missing: it is
     * there, or the queue is empty, or a request is in flight whose reply or failure, which Redis's client owes within its
     * timeout, is such an event. A driver that finds nobody waiting ends. It is the lock's, not a waiter's: whoever leaves or
     * is cancelled leaves it alone, and a visit that is no longer needed only looks.
     *   - timer and answer: both take the mutex. The answer first: nothing is due. The timer first: the request is sent again
     *     with the same grant id, which the script answers in the same way, and the second reply finds another ask or none.
     *   - timer and cancel: the last waiter's leaving gives the ask up; the driver then finds none.
     *
     * How long it lives. While something is held, asked or waited for; then it is dead and off the list, under the mutex, and
     * who comes too late takes a new one. What is still on its way to a dead one is to a grant that it doesn't know.
     *
     * The mutex is held for what is decided, not for what follows: threads are woken and Redis is asked after it. A request that
     * is given up in between is sent all the same, and its reply is to a request that nobody knows. The mutex is never held while waiting, and no other lock's mutex is taken under it. Waiters and listeners that run
     * anything are called on agent threads.
     */

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long holders elsewhere may take to say that they use the key. */
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long who gives back a key that others were refused may have to wait until that is known: as long as they are (bucket.lua). */
    private static final long RETURN_MILLIS = 100;

    private static final int TAKEN_LOOKS = 100;

    final String name;
    final Bucket bucket;
    private final Node node;
    private final Locks locks;

    private final BriefMutex mutex = new BriefMutex();
    private final Arbiter arbiter;
    private Holder lastHolder;
    private boolean dead;

    /** Retention looks after it. */
    private boolean listed;

    /** What is to be asked once the mutex is free. */
    private Ask due;

    /** Something has been given back, to be told to Redis then. */
    private boolean releasing;

    /** And somebody elsewhere waits for it, as far as is known. */
    private boolean awaited;

    /** Who is to be woken then. */
    private Waiter wakeFirst;

    private final List<Waiter> wakeMore = new ArrayList<>(0);

    /** The driver's next visit, or null. */
    private Timer.Task drive;

    private long driveAt;

    LocalLock(String name, Bucket bucket, Node node, Locks locks) {
        this.name = name;
        this.bucket = bucket;
        this.node = node;
        this.locks = locks;
        this.arbiter = new Arbiter(this, node.clock());
    }

    /** Enters if the key is here and free, without waiting for anything; null if that must be looked at. */
    Entry enterByGate(Mode mode, Who who) {
        if (mode != Mode.EXCLUSIVE) {
            return null;
        }
        Entry entry = arbiter.enterByGate(mode, who);
        if (entry == null && arbiter.freeSoon() && Threads.maySpin(Thread.currentThread())) {
            entry = enterSoon(mode, who);
        }
        return entry;
    }

    /** Most sections are short, and to queue for one costs more than to look again. */
    private Entry enterSoon(Mode mode, Who who) {
        for (int looks = 0; looks < TAKEN_LOOKS; looks++) {
            if (arbiter.freeSoon()) {
                Thread.onSpinWait();
                continue;
            }
            Entry entry = arbiter.enterByGate(mode, who);
            if (entry != null || !arbiter.freeSoon()) {
                return entry;
            }
        }
        return null;
    }

    boolean yields(Waiter head) {
        return arbiter.yields(head, System.nanoTime());
    }

    /** What stands at the gate now. Another later means that somebody has come or gone. */
    Object atGate() {
        return arbiter.atGate();
    }

    /** Whether somebody is inside who has entered by the gate. */
    boolean takenByGate() {
        return arbiter.takenByGate();
    }

    long sectionNanos() {
        return arbiter.sectionNanos();
    }

    /** Lets the waiter in, refuses it, or leaves it in the queue; it never blocks. False if the lock is dead. */
    boolean enter(Waiter waiter) {
        mutex.lock();
        try {
            if (dead) {
                return false;
            }
            if (locks.closing()) {
                waiter.end(Waiter.End.CLOSING);
            } else {
                arbiter.enter(waiter);
                if (waiter.end() == Waiter.End.REFUSED) {
                    waiter.refused = knownHolder();
                }
            }
            return true;
        } finally {
            settled();
        }
    }

    /** A woken waiter is awake. */
    void compete(Waiter waiter) {
        mutex.lock();
        try {
            arbiter.compete(waiter);
        } finally {
            settled();
        }
    }

    /** A waiter goes back to sleep. */
    void sleep(Waiter waiter) {
        mutex.lock();
        try {
            arbiter.sleep(waiter);
        } finally {
            mutex.unlock();
        }
    }

    /** Ends the waiting of one who still waits; else changes nothing. */
    void abandon(Waiter waiter, Waiter.End how) {
        mutex.lock();
        try {
            arbiter.abandon(waiter, how);
        } finally {
            settled();
        }
    }

    /** Nobody waits here any more, and nothing is kept: the JVM shuts down. */
    void abandonAll() {
        mutex.lock();
        try {
            arbiter.abandon(waiter -> true, Waiter.End.CLOSING);
        } finally {
            settled();
        }
    }

    /** The entry is inside no more, if it was. */
    void leave(Entry entry) {
        if (arbiter.leaveByGate(entry)) {
            entry.setGone();
            return;
        }
        mutex.lock();
        try {
            arbiter.leave(entry);
        } finally {
            settled();
        }
    }

    /** What the caller has left is on its way back, and Redis tells others that it is in use until it hears so. */
    void awaitReturn(Hold left) {
        try {
            left.goingBack.get(RETURN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // who tries may be refused for longer, as where Redis doesn't answer at all
        }
    }

    /** Every event ends here: lets the mutex go, then wakes who is to be woken and asks what is to be asked. */
    private void settled() {
        watch();
        if (!dead && arbiter.unused()) {
            dead = true;
            locks.remove(this);
        }
        Waiter first = wakeFirst;
        Ask asked = due;
        boolean released = releasing;
        boolean atOnce = awaited;
        if (first == null && asked == null && !released) {
            mutex.unlock();
            return;
        }
        wakeFirst = null;
        due = null;
        releasing = false;
        awaited = false;
        List<Waiter> more = wakeMore.isEmpty() ? List.of() : List.copyOf(wakeMore);
        wakeMore.clear();
        mutex.unlock();
        if (first != null) {
            first.wake();
            more.forEach(Waiter::wake);
        }
        if (released) {
            bucket.flushReleases(atOnce);
        }
        if (asked != null) {
            bucket.acquire(asked, name, (reply, problem) -> answered(asked, reply, problem));
        }
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
    public Ask newAsk(Waiter head) {
        return new Ask(this, node.grants().incrementAndGet(), head.mode, head.patient, head.who);
    }

    @Override
    public void send(Ask sent) {
        sent.inFlight = true;
        sent.repeatAt = System.nanoTime() + jittered(REPEAT_NANOS);
        due = sent;
    }

    @Override
    public void release(Session session, long grant) {
        Hold hold = arbiter.hold();
        CompletableFuture<Void> known = null;
        boolean held = hold != null && hold.grant == grant;
        if (held && hold.toldBusy) {
            known = new CompletableFuture<>();
            hold.goingBack = known;
        }
        awaited |= !held || hold.wanted();
        bucket.releaseLater(session, grant, name, known);
        releasing = true;
    }

    private void answered(Ask sent, Reply reply, FloodlockFailure problem) {
        mutex.lock();
        try {
            sent.inFlight = false;
            if (sent != arbiter.ask()) {
                boolean stored = reply != null && (reply.is("granted") || reply.is("queued"));
                if (stored && !holds(sent.grant)) {
                    release(sent.session, sent.grant);
                }
            } else if (problem != null) {
                sent.repeatAt = System.nanoTime() + jittered(RETRY_NANOS);
                arbiter.failed(problem);
            } else {
                arbiter.answered();
                understand(sent, reply);
            }
        } finally {
            settled();
        }
    }

    private void understand(Ask sent, Reply reply) {
        sent.answered = true;
        switch (reply.kind()) {
            case "granted" ->
                granted(reply.number(2), reply.text(4), reply.text(3).equals("1"));
            case "queued" -> {
                lastHolder = reply.holder();
                if (!sent.queued) {
                    sent.queued = true;
                    locks.retention().contended(name);
                    if (sent.busy) {
                        refuseImpatient();
                    } else if (!sent.patient) {
                        node.timer().after(TRY_NANOS, () -> busy(sent));
                    }
                }
            }
            case "busy" -> {
                lastHolder = reply.holder();
                arbiter.refused(this::impatient);
            }
            default -> {
                // the session has ended, or a later grant is known: ask anew
                arbiter.denied();
            }
        }
    }

    /** The holders elsewhere don't give the key up for one who doesn't wait. */
    private void busy(Ask sent) {
        mutex.lock();
        try {
            if (sent == arbiter.ask()) {
                refuseImpatient();
            }
        } finally {
            settled();
        }
    }

    private void refuseImpatient() {
        arbiter.abandon(this::impatient, Waiter.End.REFUSED);
    }

    private boolean impatient(Waiter waiter) {
        waiter.refused = lastHolder;
        return !waiter.patient;
    }

    private void granted(long token, String phase, boolean contended) {
        arbiter.ask().phase = phase;
        if (contended) {
            locks.retention().contended(name);
        }
        arbiter.granted(token, contended);
    }

    private boolean holds(long grant) {
        Hold hold = arbiter.hold();
        return hold != null && hold.grant == grant;
    }

    /** A push says that Redis has granted {@code grant} to this session. */
    void heardGranted(String session, long grant, long token, String phase, boolean contended) {
        mutex.lock();
        try {
            Ask ask = arbiter.ask();
            if (ask != null && ask.grant == grant && ask.session != null && ask.session.id.equals(session)) {
                granted(token, phase, contended);
            } else if (!holds(grant)) {
                bucket.releaseUnknown(session, grant, name);
            }
        } finally {
            settled();
        }
    }

    /**
     * A push says that another JVM waits for {@code grant}.
     *
     * @param asker the session to be told if the key is in use, with its own grant; empty if it waits anyway
     */
    void heardWanted(String session, long grant, String asker, long askersGrant) {
        mutex.lock();
        try {
            Ask ask = arbiter.ask();
            boolean used;
            if (holds(grant)) {
                if (!arbiter.hold().wanted()) {
                    locks.retention().contended(name);
                }
                arbiter.wanted();
                used = holds(grant);
            } else if (ask != null && ask.grant == grant) {
                ask.wanted = true;
                used = true;
            } else {
                bucket.releaseUnknown(session, grant, name);
                used = false;
            }
            if (used && !asker.isEmpty()) {
                bucket.tellBusy(asker, askersGrant, name, byThread(grant));
            }
        } finally {
            settled();
        }
    }

    /** The hold, if those inside are threads', which may be made to wait when they leave; else null. The gate is shut. */
    private Hold byThread(long grant) {
        if (!holds(grant) || !arbiter.hold().active()) {
            return null;
        }
        Hold hold = arbiter.hold();
        for (Entry entry : hold.entries) {
            if (!entry.ofThread) {
                return null;
            }
        }
        hold.toldBusy = true;
        return hold;
    }

    /** A push says that the key is in use, to one who doesn't wait. */
    void heardBusy(String session, long grant) {
        mutex.lock();
        try {
            Ask ask = arbiter.ask();
            if (ask != null && ask.grant == grant && ask.session != null && ask.session.id.equals(session)) {
                ask.busy = true;
                // who it is comes with the reply, which a push may overtake
                if (ask.queued) {
                    refuseImpatient();
                }
            }
        } finally {
            settled();
        }
    }

    @Override
    public void tellWanted(Entry entry) {
        if (entry.listener != null) {
            node.agentThreads().execute(entry.listener::wanted);
        }
    }

    /** The session that holds or asks has ended. */
    void sessionEnded(Session session, String why) {
        mutex.lock();
        try {
            arbiter.sessionEnded(session, why);
        } finally {
            settled();
        }
    }

    @Override
    public void leaseEnded(Session session) {
        bucket.lose(session, "its lease could not be renewed in time");
    }

    @Override
    public void lost(Hold hold, String why) {
        if (hold.active()) {
            node.agentThreads().execute(() -> node.events().lockLost(name, why));
        }
        for (Entry entry : hold.entries) {
            if (entry.listener != null) {
                node.agentThreads().execute(entry.listener::lost);
            }
        }
    }

    @Override
    public void hurry() {
        locks.hurryRenewal();
    }

    @Override
    public boolean keeps(Hold hold) {
        if (hold.keep && hold.unasked) {
            hold.unasked = false;
            hold.keep = locks.retention().keeps(name);
        }
        if (!hold.keep || !locks.keeping()) {
            return false;
        }
        listed = listed || locks.retention().list(this);
        return listed;
    }

    /** The JVM shuts down: an idle hold is forgotten, to be given back with many others; what is kept is added to {@code kept}. */
    void shed(List<Long> kept) {
        mutex.lock();
        try {
            arbiter.shed(kept);
        } finally {
            settled();
        }
    }

    /** Retention comes by: what nobody has used since {@code before}, by nanoTime, goes back. */
    void visit(long before) {
        mutex.lock();
        try {
            if (arbiter.giveBackIdle(before)) {
                locks.retention().unused(name);
            }
            if (arbiter.hold() == null) {
                listed = false;
                locks.retention().unlist(this);
            }
        } finally {
            settled();
        }
    }

    /** Whether anybody is inside or waits. */
    boolean used() {
        mutex.lock();
        try {
            return arbiter.inside() != null || arbiter.anybodyWaits();
        } finally {
            mutex.unlock();
        }
    }

    boolean stillHolds(Hold compared) {
        mutex.lock();
        try {
            return arbiter.hold() == compared;
        } finally {
            mutex.unlock();
        }
    }

    Hold holdOf(Session session) {
        mutex.lock();
        try {
            Hold hold = arbiter.hold();
            return hold != null && hold.session == session ? hold : null;
        } finally {
            mutex.unlock();
        }
    }

    /** Repeats what has been asked, or looks again, without waiting for the time to come. */
    void recheck() {
        mutex.lock();
        try {
            Ask ask = arbiter.ask();
            if (ask == null) {
                arbiter.look();
            } else if (ask.queued && !ask.inFlight) {
                send(ask);
            }
        } finally {
            settled();
        }
    }

    /** Lets the driver come, if somebody waits and nothing under way will wake this lock. */
    private void watch() {
        Ask ask = arbiter.ask();
        if (!arbiter.anybodyWaits() || (ask != null && ask.inFlight) || (ask == null && drive != null)) {
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
            Ask ask = arbiter.ask();
            if (ask == null) {
                arbiter.look();
            } else if (!ask.inFlight && System.nanoTime() - ask.repeatAt >= 0) {
                send(ask);
            }
        } finally {
            settled();
        }
    }

    /**
     * The fencing token of one entry, the same at every question: an exclusive one's is greater than those of all before it,
     * shared ones that are inside together have one in common. Waits for Redis only where the next block of them is late.
     */
    long token(Entry entry, Duration patience) {
        while (true) {
            Tokens tokens = entry.hold.tokens;
            CompletableFuture<Void> coming;
            int wanted = 0;
            long token;
            mutex.lock();
            try {
                if (!entry.held()) {
                    throw entry.lost();
                }
                if (entry.token == 0) {
                    entry.token = tokens.draw(entry.mode);
                }
                token = entry.token;
                if (tokens.low() && tokens.coming == null) {
                    tokens.coming = new CompletableFuture<>();
                    wanted = tokens.nextBlock();
                }
                coming = tokens.coming;
            } finally {
                mutex.unlock();
            }
            if (wanted > 0) {
                reserve(entry.hold, wanted, coming);
            }
            if (token != 0) {
                return token;
            }
            node.redis().await(coming, patience);
        }
    }

    /** Asks for the next block. The reply may be there before this returns. */
    private void reserve(Hold hold, int count, CompletableFuture<Void> coming) {
        bucket.reserveTokens(hold, count, (reply, problem) -> reserved(hold, count, coming, reply, problem));
    }

    private void reserved(Hold hold, int count, CompletableFuture<Void> coming, Reply reply, FloodlockFailure problem) {
        FloodlockFailure failure = problem;
        mutex.lock();
        try {
            hold.tokens.coming = null;
            if (failure == null && reply.is("ok")) {
                hold.tokens.reserved(reply.number(2), count);
            } else if (failure == null) {
                failure = Messages.lost(name);
            }
        } finally {
            mutex.unlock();
        }
        if (failure == null) {
            coming.complete(null);
            return;
        }
        if (problem == null) {
            bucket.lose(hold.session, "Redis no longer knows its holds");
        }
        coming.completeExceptionally(failure);
    }

    /**
     * A database knows a token of this key that is greater than the entry's, which is held all the same: Redis has lost its
     * count. What this hold has reserved is void, and it is not kept.
     */
    void outgrown(Entry entry, long known) {
        mutex.lock();
        try {
            entry.hold.tokens.outgrown(known);
            entry.hold.keep = false;
            entry.hold.unasked = false;
        } finally {
            settled();
        }
    }

    /** Who is in the way, as far as this JVM knows. */
    Holder holder() {
        mutex.lock();
        try {
            return knownHolder();
        } finally {
            mutex.unlock();
        }
    }

    private Holder knownHolder() {
        Entry inside = arbiter.inside();
        if (inside == null) {
            return lastHolder;
        }
        return new Holder(
                arbiter.countInside(),
                inside.mode,
                inside.who.toString(),
                inside.sinceMillis,
                "this JVM, " + node.label());
    }

    private static long jittered(long nanos) {
        return nanos * 3 / 4 + ThreadLocalRandom.current().nextLong(nanos / 2);
    }
}
