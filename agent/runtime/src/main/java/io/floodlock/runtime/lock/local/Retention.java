package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.store.Services;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Which keys this JVM keeps though nobody in it uses them, and for how long. Thread-safe. */
final class Retention {

    /*
     * To keep a key costs nothing where this JVM uses it next, and one more message where another does. So every grant is kept
     * at first; where another JVM is met, on taking the key or on having it, the next grants of that key aren't kept: 15 at the
     * first time, as a key taken back is two messages and two wake-ups, then 31, up to 255, so that it is less than one in a hundred
     * where JVMs go on alternating; and one level less each time that a kept key is left alone until its time is up. What is
     * remembered is a number per slot of a fixed table; keys that share a slot share its luck, which costs time only.
     *
     * What is kept is listed, by its lock under its mutex, and visited every 250 ms: what has been idle for 750 ms goes back,
     * so nothing is idle for more than a second, and using a key often costs nothing here.
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

    /** The last visit, or attempt at one. */
    private volatile long visitedNanos;

    /** Level in the upper half, grants not to be kept in the lower. Two threads at once may lose one's change. */
    private final AtomicIntegerArray history = new AtomicIntegerArray(SLOTS);

    Retention(Services services) {
        this.services = services;
    }

    private static int slot(String name) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    /** Whether the grant just got should be kept. */
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

    /** A kept key was not wanted by anybody until its time was up. */
    void unused(String name) {
        int slot = slot(name);
        int level = history.get(slot) >>> 16;
        if (level > 0) {
            history.set(slot, level - 1 << 16);
        }
    }

    /** Looks after a lock from now on, unless there are too many. */
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

    /** No more visits: the JVM shuts down and keeps nothing. */
    void close() {
        closed = true;
    }

    private void visitLater() {
        if (visiting.compareAndSet(false, true)) {
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

    /** Else no visit would ever come again. */
    private void orNotVisiting(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            visiting.set(false);
            throw e;
        }
    }

    /** A visit that has got lost, as a full heap ended a thread or a task, is made up for. To be called from time to time. */
    void mend() {
        if (!closed && !kept.isEmpty() && services.clock().nanoTime() - visitedNanos > LOST_NANOS) {
            visitedNanos = services.clock().nanoTime();
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
            // one listed just before found a visit under way
            if (!kept.isEmpty()) {
                visitLater();
            }
        }
    }
}
