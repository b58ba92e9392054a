package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * An arbiter with its mutex as a lock uses it, without threads that sleep, without Redis and with a clock that moves when
 * told: what Lincheck runs in every order. Each of its threads is one party, who is inside, waits, or neither; what an
 * operation answers must be what it could answer if operations never overlapped. And whatever the order, two never are inside
 * who exclude each other, nobody inside of a living hold belongs to another, and the queue never stands before a free key.
 */
public class ArbiterModel {

    private static final int PARTIES = 4;

    private final ReentrantLock mutex = new ReentrantLock();
    private final Time time = new Time();
    private final Party[] parties = new Party[PARTIES];
    private final FastPath gate;
    private final Arbiter arbiter;

    /** By the parties' own word, not the arbiter's: the session of each that is inside. */
    private final Holding[] inside = new Holding[PARTIES];

    private int sessions;
    private Session session;
    private long grants;
    private String broken;

    public ArbiterModel() {
        gate = gate(time);
        arbiter = arbiter(new Redis(), time, gate);
        // begin where most can happen: the JVM has the key, nobody uses it, the gate is open
        Party first = new Party(LockMode.EXCLUSIVE, true, true);
        arbiter.enter(first);
        arbiter.granted(1, false);
        arbiter.leave(first.entry);
    }

    FastPath gate(Clock clock) {
        return new FastPath(clock);
    }

    Arbiter arbiter(Arbiter.Outside outside, Clock clock, FastPath gate) {
        return new Arbiter(outside, clock, gate);
    }

    private static final class Time implements Clock {
        private volatile long nanos = 1;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    }

    private static final class Party extends Waiter {
        private final boolean competes;

        /** It has been woken and hasn't gone back to sleep: by who wakes, not by the arbiter's own notes. */
        private boolean awoken;

        Party(LockMode mode, boolean patient, boolean competes) {
            super(mode, patient, new Caller("t", "s"), null);
            this.competes = competes;
        }

        @Override
        public boolean competes() {
            return competes;
        }

        @Override
        public void wake() {
            awoken = true;
        }
    }

    private final class Redis implements Arbiter.Outside {

        @Override
        public PendingGrant newAsk(Waiter head) {
            return new PendingGrant(null, ++grants, head.mode, head.waits, head.who);
        }

        @Override
        public void send(PendingGrant ask) {
            if (session == null) {
                session = new Session("s" + ++sessions, time, Duration.ofDays(1), new Session.Instant(time.nanos, 0));
            }
            ask.session = session;
        }

        @Override
        public void release(Session of, long grant) {
            if (arbiter.countInside() > 0) {
                broken = "given back though somebody is inside";
            }
        }

        @Override
        public void wake(Waiter waiter) {
            waiter.wake();
        }

        @Override
        public void leaseEnded(Session ended) {
            ended.end();
        }

        @Override
        public void lost(LocalGrant hold, String why) {}

        @Override
        public void hurry() {}

        @Override
        public void notifyOwner(Holding entry) {}

        @Override
        public boolean keeps(LocalGrant hold) {
            return hold.keep;
        }
    }

    @Operation
    public String lock(@Param(gen = ThreadIdGen.class) int party) {
        return enter(party, LockMode.EXCLUSIVE, true, true);
    }

    @Operation
    public String lockByCallback(@Param(gen = ThreadIdGen.class) int party) {
        return enter(party, LockMode.EXCLUSIVE, true, false);
    }

    @Operation
    public String tryLock(@Param(gen = ThreadIdGen.class) int party) {
        return enter(party, LockMode.EXCLUSIVE, false, true);
    }

    @Operation
    public String share(@Param(gen = ThreadIdGen.class) int party) {
        return enter(party, LockMode.SHARED, true, true);
    }

    private String enter(int id, LockMode mode, boolean patient, boolean competes) {
        if (parties[id] != null || inside[id] != null) {
            return "is in or waits";
        }
        Holding entry = mode == LockMode.EXCLUSIVE ? gate.tryEnter(new Caller("t", "s"), true) : null;
        if (entry != null) {
            return enters(id, entry);
        }
        Party party = new Party(mode, patient, competes);
        parties[id] = party;
        mutex.lock();
        try {
            arbiter.enter(party);
            return outcome(id);
        } finally {
            mutex.unlock();
        }
    }

    /** A woken thread wakes and tries, or somebody looks whether it has been let in. */
    @Operation
    public String compete(@Param(gen = ThreadIdGen.class) int id) {
        Party party = parties[id];
        if (party == null) {
            return "doesn't wait";
        }
        mutex.lock();
        try {
            if (!party.awoken) {
                return outcome(id);
            }
            arbiter.compete(party);
        } finally {
            mutex.unlock();
        }
        mutex.lock();
        try {
            if (!party.ended()) {
                party.awoken = false;
                arbiter.sleep(party);
            }
            return outcome(id);
        } finally {
            mutex.unlock();
        }
    }

    @Operation
    public String abandon(@Param(gen = ThreadIdGen.class) int id) {
        Party party = parties[id];
        if (party == null) {
            return "doesn't wait";
        }
        mutex.lock();
        try {
            arbiter.abandon(party, Waiter.End.TIMED_OUT);
            return outcome(id);
        } finally {
            mutex.unlock();
        }
    }

    /** Under the mutex, as what it answers must hold at one moment. */
    private String outcome(int id) {
        Party party = parties[id];
        if (!party.ended()) {
            return "waits";
        }
        parties[id] = null;
        return party.end() == Waiter.End.ENTERED
                ? enters(id, party.entry)
                : party.end().name();
    }

    private String enters(int id, Holding entry) {
        inside[id] = entry;
        for (int other = 0; other < PARTIES; other++) {
            Holding there = inside[other];
            if (other != id
                    && there != null
                    && there.hold.session == entry.hold.session
                    && !there.gone()
                    && (there.mode == LockMode.EXCLUSIVE || entry.mode == LockMode.EXCLUSIVE)) {
                broken = "two are inside who exclude each other";
            }
        }
        return "in";
    }

    @Operation
    public String leave(@Param(gen = ThreadIdGen.class) int id) {
        Holding entry = inside[id];
        if (entry == null) {
            return "isn't in";
        }
        inside[id] = null;
        if (entry.drop()) {
            mutex.lock();
            try {
                arbiter.leave(entry);
            } finally {
                mutex.unlock();
            }
        }
        return "left";
    }

    /** Redis grants what has been asked, if anything. */
    @Operation
    public String grant() {
        mutex.lock();
        try {
            if (arbiter.ask() == null) {
                return "nothing asked";
            }
            arbiter.granted(1, false);
            return "granted";
        } finally {
            mutex.unlock();
        }
    }

    /** Another JVM waits. */
    @Operation
    public void want() {
        mutex.lock();
        try {
            if (arbiter.hold() != null) {
                arbiter.revocationRequested();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** The driver, or retention, comes by. */
    @Operation
    public void look() {
        mutex.lock();
        try {
            arbiter.look();
        } finally {
            mutex.unlock();
        }
    }

    @Operation
    public void giveBackIdle() {
        mutex.lock();
        try {
            arbiter.giveBackIdle(Long.MAX_VALUE);
        } finally {
            mutex.unlock();
        }
    }

    @Operation
    public void sessionEnds() {
        mutex.lock();
        try {
            Session ended = session;
            if (ended != null) {
                session = null;
                ended.end();
                arbiter.sessionEnded(ended, "test");
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Long enough for the head to have been passed over. */
    @Operation
    public void timePasses() {
        mutex.lock();
        try {
            time.nanos += FastPath.BARGE_NANOS;
        } finally {
            mutex.unlock();
        }
    }

    @Validate
    public void check() {
        if (broken != null) {
            throw new IllegalStateException(broken);
        }
        if (!arbiter.anybodyWaits() || arbiter.ask() != null || arbiter.countInside() > 0) {
            return;
        }
        for (Party party : parties) {
            if (party != null && !party.ended() && party.awoken) {
                return;
            }
        }
        throw new IllegalStateException("the key is free, and nobody of those who wait knows");
    }
}
