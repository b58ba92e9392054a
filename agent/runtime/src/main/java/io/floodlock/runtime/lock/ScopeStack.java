package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.thread.StackRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The scopes on each thread, innermost first, and how many are open in all. A new thread inherits none. */
final class ScopeStack {

    /*
     * Two orders meet on a thread. A scope has been asked for inside another, its outer scope, wherever its code runs now; and
     * it is on a thread above what was there before, which may be quite another call in whose extent this code happens to run.
     * Keys of both are re-entered: to wait for the outer scope would be to wait for whom waits for us, and to wait for the one
     * below would be to wait for this very thread. Commits are vetoed if any of them is lost.
     *
     * A frame stands for a scope on a thread. For a thread's own acquisition that is the scope itself, as it is acquired once: it
     * is taken off when it is closed; if another thread closes it, or something lies on top, then when it is next seen at the
     * top. Scope.enter() pushes a frame of its own, which its answer takes off with all that is above. A scope that is over
     * forgets what was below, as it may be remembered for longer than that.
     *
     * Transactions of the application's own keep the keys of scopes that were closed in them. They are around a thread too,
     * outside all of its scopes, as long as they are open.
     */

    private final ThreadLocal<Here> threads = new ThreadLocal<>() {
        @Override
        protected Here initialValue() {
            return new Here();
        }
    };

    private final Services services;
    private final BooleanSupplier closing;
    private final TransactionHolds kept;

    private volatile boolean anyFenced;

    /** Never the other way round, so that what is closed, if it is read first, is never more than what had been opened. */
    private final LongAdder opened = new LongAdder();

    private final LongAdder closed = new LongAdder();
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition allClosed = mutex.newCondition();

    /** What a thread is in. It stays with the thread, as to take it off and put it back would cost more than a free key does. */
    static final class Here {
        private Frame top;

        private static final int ROOM = 12_000;
        private static final int MORE_ROOM = 48_000;
        private static final int FILLS = 1_024;

        private int looks;

        /** Who asked here last: mostly who asks next. */
        private Who who;

        /**
         * Fails with a StackOverflowError where there may not be room to enter a free key and to give any key back. Nothing has
         * been taken then.
         */
        void requireRoom() {
            StackRoom.require(ROOM, looks++ % FILLS == 0);
        }

        /** The same where a key is to be waited for, which is more. */
        void requireMoreRoom() {
            StackRoom.require(MORE_ROOM, looks++ % FILLS == 0);
        }

        /** This thread, as one who asks in {@code site}. */
        Who who(String site) {
            Who known = who;
            String name = Thread.currentThread().getName();
            if (known == null || !known.thread().equals(name) || !known.site().equals(site)) {
                known = new Who(name, site);
                who = known;
            }
            return known;
        }

        /** The innermost open scope, or null. */
        Scope current() {
            for (Frame frame = live(); frame != null; frame = frame.below) {
                Scope scope = frame.scope();
                scope = scope.closed() ? scope.outer() : scope;
                if (scope != null) {
                    return scope;
                }
            }
            return null;
        }

        /** What is on top, without what is over. */
        private Frame live() {
            Frame frame = top;
            return frame == null || !frame.over() ? frame : put(frame);
        }

        private Frame put(Frame frame) {
            Frame live = frame;
            while (live != null && live.over()) {
                Frame next = live.below;
                live.below = null;
                live = next;
            }
            top = live;
            return live;
        }

        /** With all that is above; unless it was above another that has been taken off. */
        private void takeOff(Frame frame) {
            Frame found = top;
            while (found != null && found != frame) {
                found = found.below;
            }
            if (found != null) {
                put(found);
            }
        }

        void push(Frame frame) {
            frame.below = live();
            top = frame;
        }
    }

    /** Its thread's own, but for {@link #scope()}. */
    abstract static class Frame {
        private Frame below;

        abstract Scope scope();

        /** Whether it isn't on the thread any more. */
        abstract boolean over();
    }

    private final class EnteredFrame extends Frame implements LockScope.Entered {
        private final Scope scope;
        private final Thread thread = Thread.currentThread();
        private boolean left;

        EnteredFrame(Scope scope) {
            this.scope = scope;
        }

        @Override
        Scope scope() {
            return scope;
        }

        @Override
        boolean over() {
            return left;
        }

        @Override
        public void close() {
            if (Thread.currentThread() == thread && !left) {
                left = true;
                here().takeOff(this);
            }
        }
    }

    ScopeStack(Services services, BooleanSupplier closing, OpenTransactions transactions) {
        this.services = services;
        this.closing = closing;
        this.kept = new TransactionHolds(transactions, this::opened, this::left);
    }

    Services services() {
        return services;
    }

    /** Lets this thread's open transactions keep what a scope relied on, or fails. */
    void keep(Object mark, Scope scope) {
        kept.keep(mark, scope);
    }

    /** To be given to {@link #keep} by a scope that is opened now. */
    Object mark() {
        return kept.mark();
    }

    /** Whether anything around this thread may hold keys. */
    boolean isInAny() {
        return current() != null || keptAround();
    }

    /** Whether a transaction around this thread keeps keys. */
    boolean keptAround() {
        return kept.any() && kept.anyAround(place -> true);
    }

    /** The innermost open scope of this thread, or null. */
    Scope current() {
        return here().current();
    }

    Here here() {
        return threads.get();
    }

    /** How an open scope around this thread holds a key, to be re-entered; null if none does. */
    Entry reentrant(LockRequest request, String site) {
        Entry[] found = new Entry[1];
        anyAround(place -> {
            Entry entry = place.entry(request.name());
            if (entry == null || !entry.inside()) {
                return false;
            }
            FloodlockFailure loss = place.loss();
            if (loss != null) {
                // to wait for the key would be to wait for this scope
                throw loss;
            }
            if (request.mode() == Mode.EXCLUSIVE && entry.mode() == Mode.SHARED) {
                throw Messages.upgrade(request.name(), site);
            }
            if (!entry.retain()) {
                return false;
            }
            found[0] = entry;
            return true;
        });
        return found[0];
    }

    /** The open scopes around this thread. */
    List<Scope> around() {
        List<Scope> open = new ArrayList<>();
        anyAround(place -> {
            if (place instanceof Scope scope) {
                open.add(scope);
            }
            return false;
        });
        return open;
    }

    void verify() {
        anyAround(place -> {
            FloodlockFailure loss = place.loss();
            if (loss != null && !(place instanceof Scope scope && scope.closed())) {
                throw loss;
            }
            return false;
        });
    }

    /** What the fenced ones among those around this thread claim, innermost first. */
    List<Claim> claims() {
        return anyFenced ? collectClaims() : List.of();
    }

    private List<Claim> collectClaims() {
        Collected collected = new Collected();
        anyAround(collected);
        return collected.claims;
    }

    /** One list is passed on as it is, so that who asks again sees that nothing has changed. */
    private static final class Collected implements Predicate<Place> {
        private List<Claim> claims = List.of();
        private boolean own;

        @Override
        public boolean test(Place place) {
            List<Claim> more = place.claims();
            if (more.isEmpty() || more == claims) {
                return false;
            }
            if (claims.isEmpty()) {
                claims = more;
                return false;
            }
            if (!own) {
                claims = new ArrayList<>(claims);
                own = true;
            }
            for (Claim claim : more) {
                if (claims.stream().noneMatch(known -> sameEntry(known, claim))) {
                    claims.add(claim);
                }
            }
            return false;
        }

        private static boolean sameEntry(Claim one, Claim other) {
            return ((ScopeClaim) one).entry() == ((ScopeClaim) other).entry();
        }
    }

    /** A scope that claims has been opened in this JVM: from now on threads are looked at. */
    void fenced() {
        anyFenced = true;
    }

    /** Looks at open scopes first, then at what transactions keep. */
    private boolean anyAround(Predicate<Place> test) {
        for (Frame frame = here().live(); frame != null; frame = frame.below) {
            Scope scope = frame.scope();
            if (!scope.closed() && test.test(scope)) {
                return true;
            }
            Scope outer = scope.outer();
            boolean next = frame.below != null && frame.below.scope() == outer;
            for (; outer != null && !next; outer = outer.outer()) {
                if (test.test(outer)) {
                    return true;
                }
            }
        }
        return kept.any() && kept.anyAround(test);
    }

    LockScope.Entered enter(Scope scope) {
        EnteredFrame frame = new EnteredFrame(scope);
        here().push(frame);
        return frame;
    }

    /** How many are open, or were a moment ago: 0 only if there was a moment, since this was called, at which none was. */
    int open() {
        long ended = closed.sum();
        return (int) (opened.sum() - ended);
    }

    void opened() {
        opened.increment();
    }

    void closed(Scope scope) {
        Here here = here();
        if (here.top == scope) {
            here.live();
        }
        left();
    }

    private void left() {
        closed.increment();
        if (closing.getAsBoolean() && open() == 0) {
            mutex.lock();
            try {
                allClosed.signalAll();
            } finally {
                mutex.unlock();
            }
        }
    }

    /** How many are still open after {@code patience}. */
    int awaitAllClosed(Duration patience) {
        long left = patience.toNanos();
        mutex.lock();
        try {
            // a scope may close between the look and the wait: look again now and then
            while (open() > 0 && left > 0) {
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                left -= slice - Math.max(0, allClosed.awaitNanos(slice));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            mutex.unlock();
        }
        return open();
    }
}
