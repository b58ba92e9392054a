package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
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

/**
 * The lock of one key within this JVM. It combines an {@link Arbiter}, which decides, with the mutex that guards it,
 * the {@link FastPath}, the {@link LockEffects} and the traffic with Redis for this key. Thread-safe.
 *
 * <p>A key has at most one live LocalLock, found by its {@link LockTable}. The lock engine enters waiters through the
 * table, a {@link Holding} leaves through {@link LockedKey}, and the store's events arrive through
 * {@link GrantDialog}. No method waits for another scope, and none but {@code token} waits for Redis. Read
 * {@link Arbiter} first; the comment below explains threads, lifetime and failures.
 */
public final class LocalLock extends LockedKey {

    /*
     * The JVM holds a key in Redis, and its scopes share that grant. The arbiter's table says which scopes are inside
     * and when Redis is asked. This class defines how.
     *
     * The end of a wait. A waiter ends once, under the mutex: admitted, refused, failed, timed out, withdrawn, or
     * dismissed at the shutdown of the JVM. The first of these counts, and the others find the waiter ended. For
     * example, a deadline that passes while the grant arrives either takes the waiter out of the queue or finds it
     * inside. A thread sleeps until it is woken or its own deadline passes. The deadline of an asynchronous waiter is
     * a task of the timer. No waiter checks the lock in between. A wake-up is sent after the mutex is released, so it
     * may reach a waiter that has already found out that it has ended; this is harmless.
     *
     * Lifetime. A lock lives while something is held, requested or waited for. Then it is marked dead and removed
     * from the table, under the mutex, and a later caller makes a new one. A message that is still on its way to a
     * dead lock is about a grant that it doesn't know, and is treated like any such message (GrantDialog).
     *
     * The mutex is held while decisions are made, not while their effects run: threads are woken and Redis is asked
     * afterwards. A request that is given up in between is sent all the same, and its reply is to a request that is
     * no longer known here. The mutex is never held while waiting, and no other lock's mutex is taken under it.
     * Waiters and listeners that may run any code are called on agent threads.
     *
     * Errors. A StackOverflowError or an OutOfMemoryError may interrupt an event anywhere. Then the state here can't
     * be trusted: a scope may be inside that is not recorded. So the next event, or the one that the renewal's thread
     * makes (look()), starts over: it fails all waiters, and ends the session as if the JVM had died. A Holding that
     * could not report that it has left (Holding.leave) is found by its own state instead.
     *
     * The mutex guards the lock's other parts too: LockEffects (what follows from decisions), GrantDialog (Redis's
     * replies and pushes), Recheck (repeated requests while a waiter waits) and TokenDispenser (the scopes' fencing
     * tokens).
     */

    final Bucket bucket;
    private final Services services;
    private final LockTable locks;

    private final SpinMutex mutex = new SpinMutex();

    /** Guarded by the mutex. */
    final LockEffects effects;

    private final FastPath fastPath;
    private final Arbiter arbiter;
    private final Recheck recheck;
    private final GrantDialog dialog;
    private final TokenDispenser tokens;
    private boolean dead;

    /** An Error interrupted an event, so the state can't be trusted. */
    private boolean brokenOff;

    /** {@link Retention} visits this lock. */
    private boolean listed;

    LocalLock(String name, Bucket bucket, Services services, LockTable locks) {
        super(name, locks.repairs());
        this.bucket = bucket;
        this.services = services;
        this.locks = locks;
        this.effects = new LockEffects(this, mutex, locks, services);
        this.fastPath = new FastPath(services.clock());
        this.arbiter = new Arbiter(effects, services.clock(), fastPath);
        this.recheck = new Recheck(this, arbiter, services.timer());
        this.dialog = new GrantDialog(this, arbiter, services.timer(), locks.retention());
        this.tokens = new TokenDispenser(name, bucket, mutex);
    }

    /** Entry without the mutex, where there is nothing to decide. */
    FastPath fastPath() {
        return fastPath;
    }

    long sectionNanos() {
        return arbiter.sectionNanos();
    }

    /**
     * Admits the waiter, refuses it, or leaves it in the queue; never blocks. False if the lock is dead: the caller
     * needs a new one.
     */
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

    /** A woken waiter is awake: see {@link Arbiter#compete}. */
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

    /** A waiter goes back to sleep: see {@link Arbiter#sleep}. */
    void sleep(Waiter waiter) {
        mutex.lock();
        try {
            arbiter.sleep(waiter);
        } finally {
            mutex.unlock();
        }
    }

    /** Ends the wait of a waiter that still waits; otherwise changes nothing. */
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

    /** The JVM shuts down: ends all waits here, and gives an idle grant back. */
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

    /** From now on nobody enters under that grant: it is given back to Redis when the scopes inside have left. */
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

    /** Begins an event of another part of this lock; the caller must call {@link #settled} at its end. */
    void begin() {
        mutex.lock();
        if (brokenOff || eventMissed) {
            try {
                mend();
            } catch (Throwable e) {
                // the interrupted event won't be repeated
                brokenOff = true;
                repairs.due = true;
                mutex.unlock();
                throw e;
            }
        }
    }

    /** The current event was interrupted by an Error; {@link #settled} must still be called. */
    void brokenOff() {
        brokenOff = true;
    }

    /** An event without a cause of its own: repairs what an Error has left, and checks the state. */
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
            // first: once the grants are forgotten here, nothing would give them back
            loseFor(held);
            loseFor(asked);
            arbiter.startOver(LockFailures.brokenOff(name));
            recheck.forget();
            effects.forgetRequests();
        } else {
            arbiter.sweep();
        }
        brokenOff = false;
        eventMissed = false;
    }

    private void loseFor(Session session) {
        if (session != null) {
            bucket.lose(session, "an Error has interrupted an operation of this JVM on the key " + name);
        }
    }

    GrantDialog dialog() {
        return dialog;
    }

    /** Ends every event: releases the mutex, then runs the event's effects. */
    void settled() {
        try {
            if (brokenOff) {
                repairs.due = true;
            } else {
                recheck.watch();
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
                // there was no stack or memory for that call
                repairs.due = true;
                mutex.unlock();
            }
        }
    }

    /** A session has ended; changes nothing if this lock holds and requests nothing under it. */
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

    /**
     * The JVM shuts down: forgets an idle grant, which the caller gives back together with many others. Adds the
     * grant id of what is still held or requested to {@code kept}.
     *
     * @return whether a grant was forgotten
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

    /**
     * {@link Retention} visits the lock: gives the grant back if nobody has entered since {@code before}, by
     * nanoTime.
     */
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

    /** Whether a scope is inside or waits. */
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

    /** The session of the current grant, or null. */
    Session heldBy() {
        mutex.lock();
        try {
            LocalGrant hold = arbiter.hold();
            return hold == null ? null : hold.session;
        } finally {
            mutex.unlock();
        }
    }

    /** The current grant, or null. Called under the mutex. */
    LocalGrant hold() {
        return arbiter.hold();
    }

    /** Has {@link Retention} visit this lock; returns whether it does. Called under the mutex. */
    boolean listed() {
        listed = listed || locks.retention().list(this);
        return listed;
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

    /**
     * Schedules a check of the queued request soon, or checks the state now. The delay is random, so that not all
     * keys and JVMs check at one moment.
     */
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

    /**
     * The {@link Recheck} task runs: sends a due request again or looks for its place in the queue; without a
     * request, checks the state.
     */
    void drive() {
        begin();
        try {
            recheck.visited();
            PendingGrant ask = arbiter.ask();
            if (ask == null) {
                arbiter.look();
            } else if (!ask.inFlight && System.nanoTime() - ask.repeatAt >= 0) {
                if (ask.place != null) {
                    ask.inFlight = true;
                    effects.look(ask);
                } else {
                    effects.send(ask);
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
        return tokens.token(entry, patience);
    }

    @Override
    void outgrown(Holding entry, long known) {
        tokens.outgrown(entry, known);
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

    /** The holder that a waiter waits for, as far as this JVM knows; null if it doesn't. */
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
            // while this JVM has the key, the holder before it is in nobody's way
            return arbiter.hold() == null ? dialog.lastHolder() : null;
        }
        return new HolderInfo(
                arbiter.countInside(),
                inside.mode,
                inside.who.toString(),
                inside.sinceMillis,
                "this JVM, " + services.label());
    }
}
