package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import java.util.ArrayList;
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
     * Each lane counts in Redis the calls that were stored and the calls that are finished. The script that stores an
     * entry counts its calls in the same step, so the difference is exact, whatever Redis loses. The replies to this
     * producer's requests contain the difference for the lanes that it has sent to, and for lanes that it has not asked
     * for 50 ms. The sum over the lanes is an estimate: each producing JVM can exceed the capacity by one flush. If no
     * request is under way, a waiting caller asks for the counters alone. The last number of a lane that can't be
     * reached still counts.
     */

    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FULL_POLL_MS = 20;

    private final String queue;
    private final ReentrantLock lock;
    private final Condition counted;
    private final Runnable count;

    private List<BacklogEstimate> backlogs = List.of();
    private int nextLane;

    /** @param count asks Redis for the counters of all lanes; called without the lock */
    CapacityGate(String queue, ReentrantLock lock, Runnable count) {
        this.queue = queue;
        this.lock = lock;
        this.counted = lock.newCondition();
        this.count = count;
    }

    /** Sets the number of lanes. */
    void layOut(int lanes) {
        long stale = System.nanoTime() - STALE_NANOS;
        List<BacklogEstimate> counts = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            counts.add(new BacklogEstimate(stale));
        }
        backlogs = counts;
    }

    /**
     * Waits until the queue has room for the call, at most until the call's deadline. Acquires the lock itself.
     *
     * @param capacity most unfinished calls in the queue; {@link Integer#MAX_VALUE} for no limit
     * @param rejectWhenFull whether to fail as soon as current counters show a full queue
     * @throws io.floodlock.runtime.failure.FloodlockFailure QUEUE_FULL, or UNAVAILABLE if interrupted
     */
    void await(OutgoingCall call, int capacity, boolean rejectWhenFull) {
        if (capacity == Integer.MAX_VALUE) {
            return;
        }
        long asked = System.nanoTime();
        while (isFull(call, capacity, rejectWhenFull, asked)) {
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

    private boolean isFull(OutgoingCall call, int capacity, boolean rejectWhenFull, long asked) {
        lock.lock();
        try {
            long unfinished =
                    backlogs.stream().mapToLong(BacklogEstimate::estimate).sum();
            if (unfinished < capacity) {
                return false;
            }
            boolean late = call.deadline - System.nanoTime() <= 0;
            boolean fresh = backlogs.stream().allMatch(lane -> lane.askedAt() - asked > 0);
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

    boolean isStale(int lane, long now) {
        return now - backlogs.get(lane).askedAt() >= STALE_NANOS;
    }

    /**
     * @param unfinished the lane's unfinished calls as Redis has counted them
     * @param underWay calls of this producer that Redis has not counted yet
     */
    void heard(int lane, long unfinished, long underWay) {
        backlogs.get(lane).heard(unfinished, underWay, System.nanoTime());
    }

    void unanswered(int lane) {
        backlogs.get(lane).unanswered(System.nanoTime());
    }

    /** Lets waiting callers look again. */
    void changed() {
        counted.signalAll();
    }

    void sent(int lane, int calls) {
        backlogs.get(lane).sent(calls);
    }

    /**
     * The lane with the smallest backlog among those that may be chosen, for calls without a key; -1 if there is none.
     * Lanes with equal backlogs take turns.
     */
    int calmestLane(IntPredicate mayTake) {
        nextLane = (nextLane + 1) % backlogs.size();
        int calmest = -1;
        for (int i = 0; i < backlogs.size(); i++) {
            int lane = (nextLane + i) % backlogs.size();
            if (mayTake.test(lane)
                    && (calmest < 0
                            || backlogs.get(lane).estimate()
                                    < backlogs.get(calmest).estimate())) {
                calmest = lane;
            }
        }
        return calmest;
    }
}
