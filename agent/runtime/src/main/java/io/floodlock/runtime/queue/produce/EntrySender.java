package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.redis.RedisLaneEntries;
import io.floodlock.runtime.queue.redis.RedisLaneEntries.Addition;
import io.floodlock.runtime.queue.redis.RedisLaneEntries.Answer;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.RedisQueueLayout;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.redis.RedisGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs the waiting calls of one queue into entries, and sends each entry until Redis confirms it. {@link Producer} has
 * one. Guarded by the producer's lock, but for {@link #proceed}. Read the comment below, then {@link LaneGroup}.
 */
final class EntrySender {

    /*
     * Group commit without added delay. Callers append their calls to the waiting list of the lane. A caller that finds
     * the lane's group free packs all waiting calls of the group, one entry per lane, and sends them in one request;
     * otherwise it only waits. When the reply arrives, the thread that delivers it first wakes the callers, and then
     * packs and sends what was collected meanwhile, with the next calls of those that are back by then. So a single
     * caller pays one round trip, many callers share one, and entries hold more calls the slower Redis is. All lanes of a single server are one group; on a cluster each lane is one, so that a dead node
     * concerns the calls of its lanes only.
     *
     * Each lane has at most one entry in flight, and a later entry can't overtake a repetition. An entry without a
     * reply is sent again unchanged, with the same bytes and the same identity; the owner of the lane skips
     * repetitions. Calls are packed only for lanes whose last entry is confirmed. So a call whose deadline passes
     * before it was packed is certainly not stored. An entry is repeated until the last deadline of its callers, for
     * ten minutes at most. After that it is unknown whether it is stored; each of its callers received this as its
     * failure at its own deadline.
     *
     * Layout.
     *   UNKNOWN    Calls wait without a lane.
     *   PREPARING  One request for the number of lanes is under way; lanes that are missing are created.
     *   KNOWN      Calls are packed.
     *   STALE      A lane is missing or has another number of lanes: Redis has lost its data, or is another server now.
     *              Nothing more is sent. Once nothing is under way, the layout is prepared again. If the number of
     *              lanes is the same, all goes on: entries in flight are sent again. If it is another, their calls wait
     *              again, before the others, and are packed anew: what their lanes held is lost, or has been finished.
     *
     * Each step is decided under the lock and done without it, as a request may fail at once, on the same thread. A
     * step that is lost to an Error is repeated: waiting callers look every quarter of a second.
     */

    private static final Logger log = LoggerFactory.getLogger(EntrySender.class);
    private static final long PAUSE_MS = 100;

    /** The layout as it is in Redis. */
    private record Found(int lanes, boolean cluster) {}

    private enum Layout {
        UNKNOWN,
        PREPARING,
        KNOWN,
        STALE
    }

    private final String queue;
    private final RedisQueueKeys keys;
    private final Supplier<RedisGateway> redis;
    private final UUID session;
    private final AtomicLong sequences;
    private final ResultReceiver results;
    private final RedisQueueLayout lanes;
    private final RedisLaneEntries entries;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock;
    private final SendBuffer waiting;
    private final CapacityGate room;

    private Layout layout = Layout.UNKNOWN;
    private final LaneGroups groups = new LaneGroups();

    /** Why the layout could not be prepared; null if it could. */
    private FloodlockFailure layoutProblem;

    private long layoutNotBefore = System.nanoTime();

    private boolean troubled;

    /**
     * @param sequences numbers the entries of this session; shared by the producers of all queues
     * @param lanesWhenNew number of lanes if the queue does not exist yet
     * @param lock guards this and {@code waiting}
     */
    EntrySender(
            String queue,
            RedisQueueKeys keys,
            Supplier<RedisGateway> redis,
            UUID session,
            AtomicLong sequences,
            ResultReceiver results,
            int lanesWhenNew,
            ScheduledExecutorService timer,
            ReentrantLock lock,
            SendBuffer waiting) {
        this.queue = queue;
        this.keys = keys;
        this.redis = redis;
        this.session = session;
        this.sequences = sequences;
        this.results = results;
        this.lanes = new RedisQueueLayout(redis.get(), keys, queue, lanesWhenNew);
        this.entries = new RedisLaneEntries(keys);
        this.timer = timer;
        this.lock = lock;
        this.waiting = waiting;
        this.room = new CapacityGate(queue, lock, () -> proceed(true));
    }

    CapacityGate room() {
        return room;
    }

    /** The last failure that still stands; null if there is none. */
    FloodlockFailure problem() {
        return layoutProblem != null ? layoutProblem : groups.problem();
    }

    FloodlockFailure notStored(String why, Throwable cause) {
        return Failure.UNAVAILABLE.because("A call for queue " + queue + " was not stored: " + why, cause);
    }

    // ---- steps; decided under the lock ----

    /**
     * Does what can be done now. Acquires the lock itself.
     *
     * @param count whether to ask for the counters of all lanes
     */
    void proceed(boolean count) {
        List<Runnable> steps;
        lock.lock();
        try {
            steps = next(count);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    /**
     * The steps that can be done now, for the caller to do without the lock.
     *
     * @param count whether to ask for the counters of all lanes
     */
    List<Runnable> next(boolean count) {
        long now = System.nanoTime();
        if (layout == Layout.UNKNOWN || layout == Layout.STALE && !groups.anySending()) {
            boolean needed = count || !waiting.isEmpty() || !groups.flights(now).isEmpty();
            if (needed && now - layoutNotBefore >= 0) {
                layout = Layout.PREPARING;
                return List.of(this::prepare);
            }
        }
        return layout == Layout.KNOWN && groups.anyFree(now) ? requests(count, now) : List.of();
    }

    private List<Runnable> requests(boolean count, long now) {
        int calm = waiting.hasKeyless() ? groups.keylessLane(room, now) : -1;
        boolean any = count;
        for (LaneGroup group : groups.all()) {
            if (group.isFree(now)) {
                group.dropOverdue(now);
                pack(group, calm, now);
                any |= !group.flights().isEmpty();
            }
        }
        List<Runnable> steps = new ArrayList<>();
        for (LaneGroup group : groups.all()) {
            if (any && group.isFree(now)) {
                request(group, now, count || group.isAnswered(), steps);
            }
        }
        return steps;
    }

    private void request(LaneGroup group, long now, boolean count, List<Runnable> steps) {
        List<InFlightEntry> sent = group.due(now);
        List<Addition> additions = new ArrayList<>();
        sent.forEach(flight -> additions.add(flight.addition()));
        for (int lane : group.lanes) {
            if (count && room.isStale(lane, now) && sent.stream().noneMatch(flight -> flight.lane == lane)) {
                additions.add(Addition.count(lane));
            }
        }
        if (!additions.isEmpty()) {
            group.begin();
            int known = waiting.lanes();
            steps.add(() -> send(group, known, sent, additions));
        }
    }

    private void pack(LaneGroup group, int calm, long now) {
        for (int lane : group.lanes) {
            if (!group.mayPack(lane)) {
                continue;
            }
            List<OutgoingCall> calls = waiting.take(lane, lane == calm);
            if (calls.isEmpty()) {
                continue;
            }
            group.add(pack(lane, calls, now));
            if (lane == calm) {
                groups.keylessPacked(group, now);
            }
        }
    }

    private InFlightEntry pack(int lane, List<OutgoingCall> calls, long now) {
        long sequence = sequences.incrementAndGet();
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
        return new InFlightEntry(lane, new EntryRecord(session, sequence, contents).toBytes(), calls, now);
    }

    // ---- requests; without the lock ----

    private void prepare() {
        attempt(() -> lanes.prepare().thenCombine(redis.get().cluster(), Found::new))
                .whenComplete(this::prepared);
    }

    private void prepared(Found found, Throwable failure) {
        List<Runnable> steps;
        lock.lock();
        try {
            layoutNotBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
            if (failure == null) {
                layOut(found);
                layoutProblem = null;
                layout = Layout.KNOWN;
                recovered();
            } else {
                layout = groups.all().isEmpty() ? Layout.UNKNOWN : Layout.STALE;
                layoutProblem = redis.get().explain(failure);
                failed(layoutProblem);
            }
            steps = next(false);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    private void layOut(Found found) {
        if (groups.isLaidOut(found.lanes(), found.cluster())) {
            return;
        }
        List<OutgoingCall> unpacked = new ArrayList<>();
        long now = System.nanoTime();
        for (InFlightEntry flight : groups.flights(now)) {
            for (OutgoingCall call : flight.calls) {
                results.forget(call.id);
                // a call whose time is over has failed already
                if (call.deadline - now > 0) {
                    unpacked.add(call);
                }
            }
        }
        waiting.forgetLanes(unpacked);
        groups.layOut(found.lanes(), found.cluster());
        room.layOut(found.lanes());
        waiting.layOut(found.lanes());
    }

    private void send(LaneGroup group, int known, List<InFlightEntry> sent, List<Addition> additions) {
        attempt(() -> entries.add(redis.get(), known, additions))
                .whenComplete((answers, failure) -> replied(group, sent, additions, answers, failure));
    }

    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void replied(
            LaneGroup group,
            List<InFlightEntry> sent,
            List<Addition> additions,
            List<Answer> answers,
            Throwable failure) {
        List<OutgoingCall> confirmed = new ArrayList<>();
        lock.lock();
        try {
            if (failure == null) {
                for (int i = 0; i < additions.size(); i++) {
                    InFlightEntry flight = i < sent.size() ? sent.get(i) : null;
                    answered(group, additions.get(i).lane(), flight, answers.get(i), confirmed);
                }
                recovered();
            } else {
                FloodlockFailure problem = redis.get().explain(failure);
                group.failed(problem, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
                sent.forEach(flight -> flight.mayBeStored = true);
                additions.forEach(addition -> room.unanswered(addition.lane()));
                failed(problem);
            }
            room.changed();
        } finally {
            lock.unlock();
        }
        try {
            confirmed.forEach(call -> call.stored.complete(null));
        } finally {
            goOn(group, failure == null);
        }
    }

    private void goOn(LaneGroup group, boolean answered) {
        List<Runnable> steps;
        lock.lock();
        try {
            if (answered) {
                group.answered();
            }
            steps = next(false);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    /** @param flight the lane's entry that was sent; null if only its counters were asked for */
    private void answered(
            LaneGroup group, int lane, InFlightEntry flight, Answer answer, List<OutgoingCall> confirmed) {
        switch (answer.outcome()) {
            case OK -> {
                if (flight != null) {
                    group.remove(flight);
                    confirmed.addAll(flight.calls);
                    tellResults(flight, answer);
                }
                room.heard(lane, answer.unfinished(), group.underWay(lane));
            }
            case MISSING -> {
                layout = Layout.STALE;
                room.heard(lane, 0, group.underWay(lane));
                later();
            }
            case LANES -> {
                layout = Layout.STALE;
                later();
            }
            case ERROR -> {
                room.unanswered(lane);
                if (flight != null) {
                    refused(group, flight, answer.detail());
                }
            }
        }
    }

    private void refused(LaneGroup group, InFlightEntry flight, String error) {
        if (flight.mayBeStored) {
            // an earlier attempt may have succeeded, so only the deadline ends the repetition
            flight.notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
            later();
            return;
        }
        group.remove(flight);
        FloodlockFailure problem = redis.get().explain(new IllegalStateException(error));
        for (OutgoingCall call : flight.calls) {
            results.forget(call.id);
            call.fail(notStored(problem.getMessage(), problem));
        }
    }

    private void tellResults(InFlightEntry flight, Answer answer) {
        for (OutgoingCall call : flight.calls) {
            if (call.expected != null) {
                results.stored(call.id, keys.lane(flight.lane), answer.id());
            }
        }
    }

    private void failed(FloodlockFailure problem) {
        if (RedisGateway.isPermanent(problem)) {
            // retrying is useless until a setting changes; calls that were not packed are certainly not stored
            waiting.takeAll().forEach(call -> call.fail(notStored(problem.getMessage(), problem)));
        }
        if (!troubled) {
            troubled = true;
            log.warn(
                    "Calls for queue {} can't be stored now; the agent keeps trying until their callers' time is over:"
                            + " {}",
                    queue,
                    problem.getMessage());
        }
        later();
    }

    private void recovered() {
        if (troubled && problem() == null) {
            troubled = false;
            log.info("Calls for queue {} are stored again", queue);
        }
    }

    /** Looks again after a pause; waiting callers do so anyway, a little later. */
    private void later() {
        try {
            timer.schedule(() -> proceed(false), PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // this JVM ends
        }
    }
}
