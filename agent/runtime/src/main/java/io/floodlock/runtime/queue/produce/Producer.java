package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.RedisLaneCounters;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.RedisQueueLayout;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.redis.RedisGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisOutOfMemoryException;

/**
 * Stores the calls of one queue for this JVM. {@link #store} returns once Redis has confirmed the call, and many
 * callers share one pipeline. A call that fails before it was packed is certainly not stored; a call that was packed
 * may be.
 *
 * <p>{@code StoredQueueEngine} creates it, {@code QueueSite} stores calls with it. Thread-safe. Read the comment below,
 * then {@link CapacityGate} and {@link InFlightEntry}.
 */
public final class Producer {

    /*
     * Group commit without added delay. Callers append their calls to the waiting list of the lane. If no pipeline is
     * under way, the caller itself packs all waiting calls, one entry per lane, and sends them in one pipeline;
     * otherwise it only waits. When the replies arrive, the thread that delivers them packs and sends the calls
     * collected meanwhile. So a single caller pays one round trip, many callers share one, and entries hold more
     * calls the slower Redis is.
     *
     * At most one pipeline is under way. So each lane has at most one entry in flight, and a later entry can't
     * overtake a repetition. An entry without a reply is sent again unchanged, with the same bytes and the same
     * identity; the owner of the lane skips repetitions. Waiting calls are packed only while no entry has to be
     * repeated. So a call whose deadline passes before it was packed is certainly not stored. An entry is repeated
     * until the last deadline of its callers, for ten minutes at most. After that it is unknown whether it is stored;
     * each of its callers received this as its failure at its own deadline.
     */

    private final String queue;
    private final RedisQueueKeys keys;
    private final Supplier<RedisGateway> redis;
    private final UUID session;
    private final AtomicLong sequences;
    private final ResultReceiver results;
    private final RedisQueueLayout layout;
    private final ScheduledExecutorService timer;
    private final CapacityGate room;

    private final ReentrantLock lock = new ReentrantLock();
    private final SendBuffer waiting = new SendBuffer();
    private long[] totals = {};
    private List<InFlightEntry> flights = new ArrayList<>();
    private boolean busy;
    private FloodlockFailure lastProblem;
    private boolean closed;

    /**
     * @param sequences numbers the entries of this session; shared by the producers of all queues
     * @param lanesWhenNew number of lanes if the queue does not exist yet
     */
    public Producer(
            String queue,
            RedisQueueKeys keys,
            Supplier<RedisGateway> redis,
            UUID session,
            AtomicLong sequences,
            ResultReceiver results,
            int lanesWhenNew,
            ScheduledExecutorService timer) {
        this.queue = queue;
        this.keys = keys;
        this.redis = redis;
        this.session = session;
        this.sequences = sequences;
        this.results = results;
        this.layout = new RedisQueueLayout(redis.get(), keys, queue, lanesWhenNew);
        this.timer = timer;
        this.room = new CapacityGate(queue, keys, redis, lock, new CapacityGate.Pipeline() {
            @Override
            public boolean isBusy() {
                return busy;
            }

            @Override
            public List<InFlightEntry> flights() {
                return flights;
            }
        });
    }

    /**
     * Stores the call and returns once Redis has confirmed it. Blocks until then, or until the call's deadline. An
     * interrupt does not end the wait for the confirmation; the thread's interrupt status is then set on return.
     *
     * @param capacity most unfinished calls in the queue; {@link Integer#MAX_VALUE} for no limit
     * @param rejectWhenFull whether to fail when the queue is full, instead of waiting until the deadline
     * @throws FloodlockFailure QUEUE_FULL or UNAVAILABLE (the call is not stored), or ENQUEUE_UNKNOWN (it may be
     *     stored)
     */
    public void store(OutgoingCall call, int capacity, boolean rejectWhenFull) {
        room.await(call, capacity, rejectWhenFull);
        lock.lock();
        try {
            if (closed) {
                throw Failure.UNAVAILABLE.because(
                        "A call for queue " + queue + " was not stored: Floodlock is shutting down.");
            }
            waiting.add(call);
            if (!busy) {
                busy = true;
                advance();
            }
        } finally {
            lock.unlock();
        }
        awaitStored(call);
    }

    private void awaitStored(OutgoingCall call) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    call.stored.get(Math.max(0, call.deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    // keep waiting: leaving now would lose the answer whether the call is stored
                    interrupted = true;
                } catch (TimeoutException e) {
                    giveUp(call);
                    if (!call.stored.isDone()) {
                        throw unknown(call);
                    }
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof FloodlockFailure failure) {
                        throw failure;
                    }
                    throw redis.get().explain(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A call that is not packed yet is certainly not stored. */
    private void giveUp(OutgoingCall call) {
        lock.lock();
        try {
            if (waiting.remove(call)) {
                String why = lastProblem == null
                        ? "Redis at " + redis.get().address() + " did not answer in time."
                        : lastProblem.getMessage();
                call.fail(Failure.UNAVAILABLE.because(
                        "A call for queue " + queue + " was not stored: " + why, lastProblem));
            } else if (!call.stored.isDone() && call.expected != null) {
                results.forget(call.id);
            }
        } finally {
            lock.unlock();
        }
    }

    private FloodlockFailure unknown(OutgoingCall call) {
        return Failure.ENQUEUE_UNKNOWN.because(
                "Redis at " + redis.get().address() + " did not confirm call " + call.id + " of queue " + queue
                        + " in time. It may be stored and may still run; calling again makes a second call.",
                lastProblem);
    }

    // ---- packing and sending; under the lock ----

    /** Does the next step. {@code busy} is set, and is cleared only when no step is left. */
    private void advance() {
        if (waiting.lanes() == 0) {
            layout.prepare().whenComplete(this::prepared);
            return;
        }
        long now = System.nanoTime();
        flights.removeIf(flight -> !flight.isAwaited(now));
        if (flights.isEmpty()) {
            pack();
        }
        if (flights.isEmpty()) {
            busy = false;
            return;
        }
        redis.get().redisson().whenComplete((client, failure) -> {
            if (failure != null) {
                retry(failure);
            } else {
                send(client);
            }
        });
    }

    private void prepared(Integer lanes, Throwable failure) {
        if (failure != null) {
            retry(failure);
            return;
        }
        lock.lock();
        try {
            if (totals.length != lanes) {
                totals = new long[lanes];
            }
            room.layOut(lanes);
            waiting.layOut(lanes);
            advance();
        } finally {
            lock.unlock();
        }
    }

    private void pack() {
        int calm = waiting.hasKeyless() ? room.calmestLane() : -1;
        for (int lane = 0; lane < waiting.lanes(); lane++) {
            List<OutgoingCall> calls = waiting.take(lane, lane == calm);
            if (!calls.isEmpty()) {
                flights.add(pack(lane, calls));
            }
        }
    }

    private InFlightEntry pack(int lane, List<OutgoingCall> calls) {
        long sequence = sequences.incrementAndGet();
        totals[lane] += calls.size();
        room.sent(lane, calls.size());
        List<CallRecord> contents = new ArrayList<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            OutgoingCall call = calls.get(i);
            call.id = new CallId(session, sequence, i);
            contents.add(call.content);
            if (call.expected != null) {
                results.expect(call.id, call.expected);
            }
        }
        byte[] bytes = new EntryRecord(session, sequence, totals[lane], contents).toBytes();
        return new InFlightEntry(lane, session, totals[lane], bytes, calls);
    }

    private void send(RedissonClient client) {
        List<InFlightEntry> sent;
        RedisLaneCounters counters;
        RBatch batch = client.createBatch(BatchOptions.defaults());
        lock.lock();
        try {
            sent = List.copyOf(flights);
            for (InFlightEntry flight : sent) {
                flight.send(batch, keys.lane(flight.lane));
            }
            counters = room.readIfStale(batch);
        } finally {
            lock.unlock();
        }
        batch.executeAsync().whenComplete((done, failure) -> replied(sent, counters, failure));
    }

    private void replied(List<InFlightEntry> sent, RedisLaneCounters counters, Throwable failure) {
        Throwable refusal = null;
        Throwable unanswered = null;
        boolean missing = false;
        List<OutgoingCall> confirmed = new ArrayList<>();
        List<OutgoingCall> refused = new ArrayList<>();
        lock.lock();
        try {
            for (InFlightEntry flight : sent) {
                Throwable problem = flight.problem(failure);
                if (problem == null && flight.entry() != null) {
                    confirmed.addAll(flight.calls);
                    tellResults(flight);
                    flights.remove(flight);
                } else if (problem == null) {
                    missing = true;
                } else if (problem instanceof RedisOutOfMemoryException && !flight.mayBeStored) {
                    refusal = problem;
                    refused.addAll(flight.calls);
                    flights.remove(flight);
                } else {
                    flight.mayBeStored = true;
                    unanswered = problem;
                }
            }
            if (failure == null) {
                room.heard(counters);
            }
            if (missing) {
                // the lanes are missing: Redis has lost its data, or is another server now
                waiting.forgetLanes();
            }
            if (unanswered == null) {
                lastProblem = null;
                advance();
            }
        } finally {
            lock.unlock();
        }
        for (OutgoingCall call : confirmed) {
            call.stored.complete(null);
        }
        if (refusal != null) {
            FloodlockFailure why = redis.get().explain(refusal);
            for (OutgoingCall call : refused) {
                call.fail(why);
            }
        }
        if (unanswered != null) {
            retry(unanswered);
        }
    }

    private void tellResults(InFlightEntry flight) {
        Position entry = flight.entry();
        for (OutgoingCall call : flight.calls) {
            if (call.expected != null) {
                results.stored(call.id, keys.lane(flight.lane), entry);
            }
        }
    }

    private void retry(Throwable failure) {
        lock.lock();
        try {
            lastProblem = redis.get().explain(failure);
            if (RedisGateway.isPermanent(lastProblem)) {
                // retrying is useless until a setting changes; calls that were not packed are certainly not stored
                for (OutgoingCall call : waiting.takeAll()) {
                    call.fail(Failure.UNAVAILABLE.because(
                            "A call for queue " + queue + " was not stored: " + lastProblem.getMessage(), lastProblem));
                }
            }
            if (closed) {
                busy = false;
                return;
            }
        } finally {
            lock.unlock();
        }
        timer.schedule(
                () -> {
                    lock.lock();
                    try {
                        dropOverdue();
                        if (flights.isEmpty() && waiting.isEmpty()) {
                            busy = false;
                        } else {
                            advance();
                        }
                    } finally {
                        lock.unlock();
                    }
                },
                100,
                TimeUnit.MILLISECONDS);
    }

    private void dropOverdue() {
        long now = System.nanoTime();
        flights.removeIf(flight -> !flight.isAwaited(now));
    }

    /** Accepts no more calls. Calls under way end at their deadlines. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
