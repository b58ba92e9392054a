package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.redis.RedisLaneCounters;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.redis.RedisGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;

/**
 * Makes callers wait, or rejects them, while a queue holds as many unfinished calls as its capacity. The number is an
 * estimate. {@link Producer} creates it and updates it with each pipeline. Guarded by the producer's lock.
 */
final class CapacityGate {

    /*
     * Each pipeline of the producer writes this session's total of calls for the lane. The total is an absolute
     * number, so repeating the write is harmless. The pipeline also reads the totals of all producers and the number
     * of calls that the owner has finished, unless these counters were read less than 50 ms ago. The sum over the
     * lanes is an estimate: each producing JVM can exceed the capacity by one flush. If no pipeline is under way, a
     * waiting caller reads the counters alone.
     */

    private static final long COUNTERS_STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FULL_POLL_MS = 20;

    private final String queue;
    private final RedisQueueKeys keys;
    private final Supplier<RedisGateway> redis;
    private final ReentrantLock lock;
    private final Condition counted;
    private final Pipeline pipeline;

    private List<BacklogEstimate> backlogs = List.of();
    private boolean counting;
    private long countedAt;
    private int nextLane;

    /** The state of the producer's pipeline. */
    interface Pipeline {

        boolean isBusy();

        List<InFlightEntry> flights();
    }

    CapacityGate(
            String queue, RedisQueueKeys keys, Supplier<RedisGateway> redis, ReentrantLock lock, Pipeline pipeline) {
        this.queue = queue;
        this.keys = keys;
        this.redis = redis;
        this.lock = lock;
        this.counted = lock.newCondition();
        this.pipeline = pipeline;
    }

    /** Sets the number of lanes. */
    void layOut(int lanes) {
        List<BacklogEstimate> counts = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            counts.add(new BacklogEstimate());
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
        lock.lock();
        try {
            long asked = System.nanoTime();
            boolean fresh = false;
            while (true) {
                long unfinished =
                        backlogs.stream().mapToLong(BacklogEstimate::estimate).sum();
                if (unfinished < capacity) {
                    return;
                }
                boolean late = call.deadline - System.nanoTime() <= 0;
                if (fresh && rejectWhenFull || late) {
                    throw Failure.QUEUE_FULL.because("Queue " + queue + " holds about " + unfinished
                            + " unfinished calls, its capacity is " + capacity
                            + ". Add consumers, make the body faster, or raise the capacity.");
                }
                if (!counting && !pipeline.isBusy()) {
                    count();
                }
                try {
                    counted.await(FULL_POLL_MS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw Failure.UNAVAILABLE.because(
                            "A call for queue " + queue + " was not stored: interrupted while waiting for room", e);
                }
                fresh = countedAt - asked > 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads the counters without a pipeline of the producer. */
    private void count() {
        counting = true;
        redis.get().redisson().whenComplete((client, failure) -> {
            if (failure != null) {
                counted(null);
                return;
            }
            RBatch batch = client.createBatch(BatchOptions.defaults());
            RedisLaneCounters counters = RedisLaneCounters.read(batch, keys, backlogs.size());
            batch.executeAsync().whenComplete((done, problem) -> counted(problem == null ? counters : null));
        });
    }

    private void counted(RedisLaneCounters counters) {
        lock.lock();
        try {
            counting = false;
            heard(counters);
            counted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds reads of the counters to a pipeline that is sent anyway; null if they are fresh. */
    RedisLaneCounters readIfStale(RBatch batch) {
        boolean stale = System.nanoTime() - countedAt > COUNTERS_STALE_NANOS;
        return stale ? RedisLaneCounters.read(batch, keys, backlogs.size()) : null;
    }

    /** @param counters null if they were not read or Redis did not reply */
    void heard(RedisLaneCounters counters) {
        if (counters == null) {
            return;
        }
        countedAt = System.nanoTime();
        for (int lane = 0; lane < backlogs.size(); lane++) {
            long underWay = 0;
            for (InFlightEntry flight : pipeline.flights()) {
                underWay += flight.lane == lane ? flight.calls.size() : 0;
            }
            backlogs.get(lane).heard(counters.backlog(lane), underWay);
        }
    }

    void sent(int lane, int calls) {
        backlogs.get(lane).sent(calls);
    }

    /** The lane with the smallest backlog, for calls without a key. Lanes with equal backlogs take turns. */
    int calmestLane() {
        nextLane = (nextLane + 1) % backlogs.size();
        int calmest = nextLane;
        for (int i = 0; i < backlogs.size(); i++) {
            int lane = (nextLane + i) % backlogs.size();
            if (backlogs.get(lane).estimate() < backlogs.get(calmest).estimate()) {
                calmest = lane;
            }
        }
        return calmest;
    }
}
