package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.thread.SpinMutex;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** One key within this JVM: an {@link Arbiter} with its mutex, and what it asks of Redis. Thread-safe. */
public final class LocalLock extends LockedKey implements Arbiter.Outside {

    /*
     * The JVM holds, scopes share. The arbiter's table says who is inside and when Redis is asked; here is how.
     *
     * Who waits. A waiter ends once, under the mutex: let in, refused, failed, timed out, withdrawn, or sent away as the JVM
     * shuts down. Whichever comes first counts, and the others find it ended: a deadline that passes while the grant arrives
     * either takes the waiter out of the queue or finds it inside. A thread sleeps until it is woken or its own deadline
     * comes, an asynchronous waiter's deadline comes from the timer; no waiter looks at the lock in between. Waking comes
     * after the mutex, so it may meet a waiter that has learnt its end by itself, which doesn't mind.
     *
     * How long it lives. While something is held, asked or waited for; then it is dead and off the list, under the mutex, and
     * who comes too late takes a new one. What is still on its way to a dead one is to a grant that it doesn't know.
     *
     * The mutex is held for what is decided, not for what follows: threads are woken and Redis is asked after it. A request that
     * is given up in between is sent all the same, and its reply is to a request that nobody knows. The mutex is never held
     * while waiting, and no other lock's mutex is taken under it. Waiters and listeners that run anything are called on agent
     * threads.
     *
     * Errors. A stack that is used up or a heap that is full may break an event off anywhere, and then nothing here can be
     * trusted: somebody may be inside whom nobody knows. So the next event, or the one that the renewal's thread makes, starts
     * over: it sends all who wait away, and ends the session as if the JVM had died. An entry that could not say that it has
     * left (Entry.leave) is found by its own state instead.
     *
     * It guards the lock's other parts too: what Redis says (Asking), who looks when nobody says anything (Driver), and the
     * scopes' tokens (Drawing).
     */

    final Bucket bucket;
    private final Services services;
    private final LockTable locks;

    private final SpinMutex mutex = new SpinMutex();
    private final FastPath gate;
    private final Arbiter arbiter;
    private final Recheck driver;
    private final GrantDialog asking;
    private final TokenDispenser drawing;
    private boolean dead;

    /** An event was broken off, so that the books are wrong. */
    private boolean brokenOff;

    /** Retention looks after it. */
    private boolean listed;

    private final PendingEffects effects;

    LocalLock(String name, Bucket bucket, Services services, LockTable locks) {
        super(name, locks.repairs());
        this.bucket = bucket;
        this.services = services;
        this.locks = locks;
        this.effects = new PendingEffects(this, mutex, locks);
        this.gate = new FastPath(services.clock());
        this.arbiter = new Arbiter(this, services.clock(), gate);
        this.driver = new Recheck(this, arbiter, services.timer());
        this.asking = new GrantDialog(this, arbiter, services.timer(), locks.retention());
        this.drawing = new TokenDispenser(name, bucket, mutex);
    }

    /** Its way in where nothing is to be decided. */
    FastPath gate() {
        return gate;
    }

    long sectionNanos() {
        return arbiter.sectionNanos();
    }

    /** Lets the waiter in, refuses it, or leaves it in the queue; it never blocks. False if the lock is dead. */
    boolean enter(Waiter waiter) {
        begin();
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
                    waiter.ahead = arbiter.ahead();
                }
            }
            return true;
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** A woken waiter is awake. */
    void compete(Waiter waiter) {
        begin();
        try {
            arbiter.compete(waiter);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
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
    public void abandon(Waiter waiter, Waiter.End how) {
        begin();
        try {
            arbiter.abandon(waiter, how);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** Nobody waits here any more, and nothing is kept: the JVM shuts down. */
    void abandonAll() {
        begin();
        try {
            arbiter.abandon(waiter -> true, Waiter.End.CLOSING);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    @Override
    void leave(Holding entry) {
        begin();
        try {
            arbiter.leave(entry);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** Nobody enters under that hold any more: it goes back to Redis when those inside have left. */
    private void lastTurn(LocalGrant hold) {
        begin();
        try {
            arbiter.lastTurn(hold);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** An event of another of the lock's parts begins; {@link #settled} is owed. */
    void begin() {
        mutex.lock();
        if (brokenOff || unheard) {
            try {
                mend();
            } catch (Throwable e) {
                // whose event this is can't come again
                brokenOff = true;
                repairs.due = true;
                mutex.unlock();
                throw e;
            }
        }
    }

    /** The event under way has failed in its middle; {@link #settled} is still owed. */
    void brokenOff() {
        brokenOff = true;
    }

    /** An event of its own: mends what an Error has left. */
    void look() {
        begin();
        try {
            arbiter.look();
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    private void mend() {
        if (brokenOff) {
            Session held = arbiter.hold() == null ? null : arbiter.hold().session;
            Session asked = arbiter.ask() == null ? null : arbiter.ask().session;
            // first: once they are forgotten here nobody would give them back
            loseFor(held);
            loseFor(asked);
            arbiter.startOver(LockFailures.brokenOff(name));
            driver.forget();
            effects.forgetRequests();
        } else {
            arbiter.sweep();
        }
        brokenOff = false;
        unheard = false;
    }

    private void loseFor(Session session) {
        if (session != null) {
            bucket.lose(session, "an Error has broken off what this JVM did with the key " + name);
        }
    }

    GrantDialog asking() {
        return asking;
    }

    /** Every event ends here: lets the mutex go, then does what follows. */
    void settled() {
        try {
            if (brokenOff) {
                repairs.due = true;
            } else {
                driver.watch();
                if (!dead && arbiter.unused()) {
                    dead = true;
                    locks.remove(this);
                }
            }
        } catch (Throwable e) {
            brokenOff = true;
            repairs.due = true;
            mutex.unlock();
            throw e;
        }
        try {
            effects.unlock();
        } finally {
            if (mutex.isHeldByCurrentThread()) {
                // there was no room for that call
                repairs.due = true;
                mutex.unlock();
            }
        }
    }

    @Override
    public void wake(Waiter waiter) {
        effects.wake(waiter);
    }

    @Override
    public PendingGrant newAsk(Waiter head) {
        return new PendingGrant(this, services.grants().incrementAndGet(), head.mode, head.waits, head.who);
    }

    @Override
    public void send(PendingGrant sent) {
        sent.inFlight = true;
        sent.sentNanos = System.nanoTime();
        sent.repeatAt = sent.sentNanos + PendingGrant.repeatNanos();
        effects.send(sent);
    }

    @Override
    public void release(Session session, long grant) {
        LocalGrant hold = arbiter.hold();
        CompletableFuture<Void> known = null;
        boolean held = hold != null && hold.grant == grant;
        if (held && hold.busyAnnounced) {
            known = new CompletableFuture<>();
            hold.releaseAcknowledged = known;
        }
        bucket.releaseLater(session, grant, name, known);
        effects.release(!held || hold.revocationRequested());
    }

    @Override
    public void tellWanted(Holding entry) {
        Ownership.Listener listener = entry.listener();
        if (listener != null) {
            services.agentThreads().execute(listener::wanted);
        }
    }

    /** The session that holds or asks has ended. */
    void sessionEnded(Session session, String why) {
        begin();
        try {
            arbiter.sessionEnded(session, why);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    @Override
    public void leaseEnded(Session session) {
        bucket.leaseEnded(session);
    }

    @Override
    public void lost(LocalGrant hold, String why) {
        if (hold.active()) {
            services.agentThreads().execute(() -> services.events().lockLost(name, why));
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
        bucket.hurryRenewal();
    }

    @Override
    public boolean keeps(LocalGrant hold) {
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

    /**
     * The JVM shuts down: an idle hold is forgotten, to be given back with many others; what is kept is added to {@code kept}.
     *
     * @return whether one was forgotten
     */
    boolean shed(List<Long> kept) {
        begin();
        try {
            return arbiter.shed(kept);
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** Retention comes by: what nobody has used since {@code before}, by nanoTime, goes back. */
    void visit(long before) {
        begin();
        try {
            if (arbiter.giveBackIdle(before)) {
                locks.retention().unused(name);
            }
            if (arbiter.hold() == null) {
                listed = false;
                locks.retention().unlist(this);
            }
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
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

    boolean stillHolds(LocalGrant compared) {
        mutex.lock();
        try {
            return arbiter.hold() == compared;
        } finally {
            mutex.unlock();
        }
    }

    /** The session that holds it, or null. */
    Session heldBy() {
        mutex.lock();
        try {
            LocalGrant hold = arbiter.hold();
            return hold == null ? null : hold.session;
        } finally {
            mutex.unlock();
        }
    }

    LocalGrant holdOf(Session session) {
        mutex.lock();
        try {
            LocalGrant hold = arbiter.hold();
            return hold != null && hold.session == session ? hold : null;
        } finally {
            mutex.unlock();
        }
    }

    /** Looks for what has been asked, or looks again, without waiting for the time to come; but not all at one moment. */
    void recheck() {
        begin();
        try {
            PendingGrant ask = arbiter.ask();
            if (ask == null) {
                arbiter.look();
            } else if (ask.place != null && !ask.inFlight) {
                long soon = System.nanoTime() + PendingGrant.soonNanos();
                ask.repeatAt = soon - ask.repeatAt < 0 ? soon : ask.repeatAt;
            }
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    /** The driver comes by: sends again what is due, or looks. */
    void drive() {
        begin();
        try {
            driver.visited();
            PendingGrant ask = arbiter.ask();
            if (ask == null) {
                arbiter.look();
            } else if (!ask.inFlight && System.nanoTime() - ask.repeatAt >= 0) {
                if (ask.place != null) {
                    ask.inFlight = true;
                    effects.look(ask);
                } else {
                    send(ask);
                }
            }
        } catch (Throwable e) {
            brokenOff = true;
            throw e;
        } finally {
            settled();
        }
    }

    @Override
    long token(Holding entry, Duration patience) {
        return drawing.token(entry, patience);
    }

    @Override
    void outgrown(Holding entry, long known) {
        drawing.outgrown(entry, known);
    }

    @Override
    CompletableFuture<Void> raise(long token) {
        return bucket.raise(token);
    }

    @Override
    void keepTaken(LocalGrant hold, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then) {
        lastTurn(hold);
        bucket.keepTaken(hold, span, who, then);
    }

    /** Who is in the way, as far as this JVM knows. */
    public HolderInfo holder() {
        mutex.lock();
        try {
            return knownHolder();
        } finally {
            mutex.unlock();
        }
    }

    private HolderInfo knownHolder() {
        Holding inside = arbiter.inside();
        if (inside == null) {
            // while this JVM has the key, who had it before is in nobody's way
            return arbiter.hold() == null ? asking.lastHolder() : null;
        }
        return new HolderInfo(
                arbiter.countInside(),
                inside.mode,
                inside.who.toString(),
                inside.sinceMillis,
                "this JVM, " + services.label());
    }
}
