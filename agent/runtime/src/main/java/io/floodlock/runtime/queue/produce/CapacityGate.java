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

/** How full a queue is, as its producer knows it, and who waits for room. Guarded by the producer's lock. */
final class CapacityGate {

    /*
     * Each pipeline of the producer writes this session's total of calls for the lane (an absolute number, so repeating it is
     * harmless) and reads what all producers have sent and the owner has finished, unless it was read a moment ago. The sum over
     * the lanes is an estimate: it can be exceeded by one flush of each producing JVM. Where no pipeline is under way, who waits
     * for room asks for the counters alone.
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

    /** What the producer is doing. */
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

    void layOut(int lanes) {
        List<BacklogEstimate> counts = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            counts.add(new BacklogEstimate());
        }
        backlogs = counts;
    }

    /**
     * Waits until there is room for the call. Takes the lock itself.
     *
     * @param capacity of unfinished calls; {@link Integer#MAX_VALUE} for no limit
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

    /** Asks for the counters alone. */
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

    /** Reads the counters in a pipeline that goes anyway; null where they are fresh. */
    RedisLaneCounters readIfStale(RBatch batch) {
        boolean stale = System.nanoTime() - countedAt > COUNTERS_STALE_NANOS;
        return stale ? RedisLaneCounters.read(batch, keys, backlogs.size()) : null;
    }

    /** @param counters null where they were not asked or not answered */
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

    /** For calls without a key; the lanes take turns where they are alike. */
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
