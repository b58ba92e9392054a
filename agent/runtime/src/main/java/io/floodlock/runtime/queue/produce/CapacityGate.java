package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.store.LaneLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * Makes callers wait, or rejects them, while a queue holds as many unfinished calls as its capacity. The number is an
 * estimate. {@link Producer} creates it and updates it with each reply. Guarded by the producer's lock.
 */
final class CapacityGate {

    /*
     * Each stream counts in Redis the calls that were stored and the calls that are finished. The script that stores
     * an entry counts its calls in the same step, so the difference is exact, whatever Redis loses. The replies to this
     * producer's requests contain the difference for their stream. The sum over the streams is an estimate: each
     * producing JVM can exceed the capacity by one flush. If no request is under way, a waiting caller asks for the
     * counters alone. The last number of a stream that can't be reached still counts.
     */

    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FULL_POLL_MS = 20;

    private final String queue;
    private final ReentrantLock lock;
    private final Condition counted;
    private final Runnable count;

    /** By the place of the stream in the layout. */
    private List<BacklogEstimate> backlogs = List.of();

    private LaneLoads loads = new LaneLoads(1, 1);

    /** @param count asks Redis for the counters of all lanes; called without the lock */
    CapacityGate(String queue, ReentrantLock lock, Runnable count) {
        this.queue = queue;
        this.lock = lock;
        this.counted = lock.newCondition();
        this.count = count;
    }

    void layOut(LaneLayout layout) {
        long stale = System.nanoTime() - STALE_NANOS;
        backlogs = layout.streams().stream()
                .map(stream -> new BacklogEstimate(stale))
                .toList();
        loads = new LaneLoads(layout.lanes(), layout.streams().size());
    }

    /**
     * Waits until the queue has room for a call. Acquires the lock itself.
     *
     * @param deadline as {@link System#nanoTime()}
     * @param capacity most unfinished calls in the queue; {@link Integer#MAX_VALUE} for no limit
     * @param rejectWhenFull whether to fail as soon as current counters show a full queue
     * @throws io.floodlock.runtime.failure.FloodlockFailure QUEUE_FULL, or UNAVAILABLE if interrupted
     */
    void await(long deadline, int capacity, boolean rejectWhenFull) {
        if (capacity == Integer.MAX_VALUE) {
            return;
        }
        long asked = System.nanoTime();
        while (isFull(deadline, capacity, rejectWhenFull, asked)) {
            count.run();
            lock.lock();
            try {
                counted.await(FULL_POLL_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.UNAVAILABLE.because(
                        "A call for queue " + queue + " was not stored: interrupted while waiting for room", e);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isFull(long deadline, int capacity, boolean rejectWhenFull, long asked) {
        lock.lock();
        try {
            long unfinished = 0;
            for (BacklogEstimate backlog : backlogs) {
                unfinished += backlog.estimate();
            }
            if (unfinished < capacity) {
                return false;
            }
            boolean late = deadline - System.nanoTime() <= 0;
            boolean fresh = backlogs.stream().allMatch(stream -> stream.askedAt() - asked > 0);
            if (fresh && rejectWhenFull || late) {
                throw Failure.QUEUE_FULL.because("Queue " + queue + " holds about " + unfinished
                        + " unfinished calls, its capacity is " + capacity
                        + ". Add consumers, make the body faster, or raise the capacity.");
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the counters of the stream at this place have not been asked for lately. */
    boolean isStale(int place, long now) {
        return now - backlogs.get(place).askedAt() >= STALE_NANOS;
    }

    /**
     * @param unfinished the stream's unfinished calls as Redis has counted them
     * @param underWay calls of this producer that Redis has not counted yet
     */
    void heard(int place, long unfinished, long underWay) {
        backlogs.get(place).heard(unfinished, underWay, System.nanoTime());
    }

    void unanswered(int place) {
        backlogs.get(place).unanswered(System.nanoTime());
    }

    /** Lets waiting callers look again. */
    void changed() {
        counted.signalAll();
    }

    void sent(int place, int calls) {
        backlogs.get(place).sent(calls);
    }

    LaneLoads loads() {
        return loads;
    }

    /** The lane with the smallest load among those that may be chosen, for calls without a key; -1 if there is none. */
    int calmestLane(IntPredicate mayTake) {
        return loads.calmest(mayTake);
    }
}
