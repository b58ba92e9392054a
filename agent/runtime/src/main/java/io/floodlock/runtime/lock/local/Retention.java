package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.thread.SlotTable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Decides which keys this JVM keeps though nobody in it uses them, and for how long: at most one second, at most
 * 10,000 keys, and seldom those that other JVMs use too. Each {@link LocalLock} asks it and lists itself;
 * {@link GrantDialog} reports other JVMs' interest. Thread-safe.
 */
final class Retention {

    /*
     * Keeping a key costs nothing if this JVM uses it next, and one more message if another JVM does. So every grant
     * is kept at first. When another JVM is met, on acquiring the key or while holding it, the next grants of that
     * key aren't kept: 15 the first time, as a revoked key costs two messages and two wake-ups, then 31, and so on up
     * to 255, so that less than one grant in a hundred is kept and then revoked where JVMs go on alternating. The
     * level drops by one each time a kept key stays unused until its time is up. What is remembered is one number per
     * slot of a fixed table. Keys that share a slot share its history, which costs time only.
     *
     * A lock lists itself under its mutex when its key is kept. All listed locks are visited every 250 ms: a key that
     * has been idle for 750 ms is given back. So no key is idle for more than a second, and frequent use of a key
     * costs nothing here.
     */

    private static final int MOST = 10_000;
    private static final int SLOTS = 4_096;
    private static final int FIRST_LEVEL = 4;
    private static final int HIGHEST_LEVEL = 8;
    private static final long VISIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(750);
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Services services;
    private final Set<LocalLock> kept = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean visiting = new AtomicBoolean();

    private volatile boolean closed;

    /** When a visit was last scheduled or begun, by nanoTime. */
    private volatile long visitedNanos;

    /**
     * Per slot: the level in the upper 16 bits, the number of grants not to be kept in the lower 16. If two threads
     * change a slot at once, one change may be lost.
     */
    private final AtomicIntegerArray history = new AtomicIntegerArray(SLOTS);

    Retention(Services services) {
        this.services = services;
    }

    private static int slot(String name) {
        return SlotTable.slot(name.hashCode(), SLOTS);
    }

    /** Whether the latest grant of the key should be kept; counts it. */
    boolean keeps(String name) {
        int slot = slot(name);
        int known = history.get(slot);
        if ((known & 0xffff) == 0) {
            return true;
        }
        history.set(slot, known - 1);
        return false;
    }

    /** Another JVM uses the key too. */
    void contended(String name) {
        int slot = slot(name);
        int level = Math.max(FIRST_LEVEL, Math.min(HIGHEST_LEVEL, (history.get(slot) >>> 16) + 1));
        history.set(slot, level << 16 | (1 << level) - 1);
    }

    /** A kept key stayed unused, and no other JVM wanted it, until its time was up. */
    void unused(String name) {
        int slot = slot(name);
        int level = history.get(slot) >>> 16;
        if (level > 0) {
            history.set(slot, level - 1 << 16);
        }
    }

    /** Visits the lock from now on; false if too many are listed. */
    boolean list(LocalLock lock) {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return false;
        }
        kept.add(lock);
        visitLater();
        return true;
    }

    void unlist(LocalLock lock) {
        if (kept.remove(lock)) {
            count.decrementAndGet();
        }
    }

    /** Ends the visits: the JVM shuts down and keeps nothing. */
    void close() {
        closed = true;
    }

    private void visitLater() {
        if (visiting.compareAndSet(false, true)) {
            visitedNanos = services.clock().nanoTime();
            orNotVisiting(() -> services.timer()
                    .after(
                            VISIT_NANOS,
                            () -> orNotVisiting(() -> {
                                if (!closed) {
                                    services.agentThreads().execute(this::visit);
                                }
                            })));
        }
    }

    /** Runs a step of scheduling; after a failure the next visit can be scheduled again. */
    private void orNotVisiting(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            visiting.set(false);
            throw e;
        }
    }

    /**
     * Schedules visits again if one was lost because a full heap ended its thread or task. To be called periodically.
     */
    void mend() {
        if (!closed && !kept.isEmpty() && services.clock().nanoTime() - visitedNanos > LOST_NANOS) {
            visiting.set(false);
            visitLater();
        }
    }

    private void visit() {
        visitedNanos = services.clock().nanoTime();
        long before = services.clock().nanoTime() - IDLE_NANOS;
        try {
            kept.forEach(lock -> lock.visit(before));
        } finally {
            visiting.set(false);
            // a lock listed meanwhile has found a visit under way and scheduled none
            if (!kept.isEmpty()) {
                visitLater();
            }
        }
    }
}
