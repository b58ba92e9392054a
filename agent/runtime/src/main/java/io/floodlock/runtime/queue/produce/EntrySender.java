package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.Appender.Answer;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * one. Guarded by the producer's lock, but for {@link #proceed}. Read the comment below, then {@link StreamWriter}.
 */
final class EntrySender {

    /*
     * Group commit without added delay. Callers append their calls to the waiting list of the lane's stream. A caller
     * that finds the stream free packs all of them into one entry, grouped by lane, and sends it; otherwise it only
     * waits. When the reply arrives, the thread that delivers it first wakes the callers, and then packs and sends what
     * was collected meanwhile, with the next calls of those that are back by then. So a single caller pays one round
     * trip, many callers share one, and entries hold more calls the slower Redis is. A queue has one stream on each
     * master, so that a dead node concerns the calls of its lanes only.
     *
     * Each stream has at most one entry in flight, and a later entry can't overtake a repetition. An entry without a
     * reply is sent again unchanged, with the same bytes and the same identity; the owners of the lanes skip
     * repetitions. Calls are packed only for streams whose last entry is confirmed. So a call whose deadline passes
     * before it was packed is certainly not stored. An entry is repeated until the last deadline of its callers, for
     * ten minutes at most. After that it is unknown whether it is stored; each of its callers received this as its
     * failure at its own deadline.
     *
     * Layout.
     *   UNKNOWN    Calls wait without a lane.
     *   PREPARING  One request for the layout is under way; streams that are missing are created.
     *   KNOWN      Calls are packed.
     *   STALE      A stream is missing or has another layout: Redis has lost its data, or is another server now.
     *              Nothing more is sent. Once nothing is under way, the layout is prepared again. If it is the same,
     *              all goes on: entries in flight are sent again. If it is another, their calls wait again, before the
     *              others, and are packed anew: what their lanes held is lost, or has been finished. If it follows the
     *              present one in order, entries that may be stored are sent again to their streams first, which take
     *              nothing else then.
     *
     * Each step is decided under the lock and done without it, as a request may fail at once, on the same thread. A
     * step that is lost to an Error is repeated: waiting callers look every quarter of a second.
     */

    private static final Logger log = LoggerFactory.getLogger(EntrySender.class);
    private static final long PAUSE_MS = 100;

    private enum Layout {
        UNKNOWN,
        PREPARING,
        KNOWN,
        STALE
    }

    private final String queue;
    private final CallStore store;
    private final UUID session;
    private final AtomicLong sequences;
    private final ResultReceiver results;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock;
    private final SendBuffer waiting;
    private final CapacityGate room;

    private Layout layout = Layout.UNKNOWN;
    private final StreamWriters writers = new StreamWriters();

    /** Why the layout could not be prepared; null if it could. */
    private FloodlockFailure layoutProblem;

    private long layoutNotBefore = System.nanoTime();

    private boolean troubled;

    /**
     * @param sequences numbers the entries of this session; shared by the producers of all queues
     * @param lock guards this and {@code waiting}
     */
    EntrySender(
            String queue,
            CallStore store,
            UUID session,
            AtomicLong sequences,
            ResultReceiver results,
            ScheduledExecutorService timer,
            ReentrantLock lock,
            SendBuffer waiting) {
        this.queue = queue;
        this.store = store;
        this.session = session;
        this.sequences = sequences;
        this.results = results;
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
        return layoutProblem != null ? layoutProblem : writers.problem();
    }

    FloodlockFailure notStored(String why, Throwable cause) {
        return Failure.UNAVAILABLE.because("A call for queue " + queue + " was not stored: " + why, cause);
    }

    // ---- steps; decided under the lock ----

    /**
     * Does what can be done now. Acquires the lock itself.
     *
     * @param count whether to ask for the counters of all streams
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
     * @param count whether to ask for the counters of all streams
     */
    List<Runnable> next(boolean count) {
        long now = System.nanoTime();
        if (layout == Layout.UNKNOWN || layout == Layout.STALE && !writers.anySending()) {
            boolean needed =
                    count || !waiting.isEmpty() || !writers.flights(now).isEmpty();
            if (needed && now - layoutNotBefore >= 0) {
                layout = Layout.PREPARING;
                return List.of(this::prepare);
            }
        }
        return layout == Layout.KNOWN && writers.anyFree(now) ? requests(count, now) : List.of();
    }

    private List<Runnable> requests(boolean count, long now) {
        int calm = waiting.hasKeyless() ? writers.keylessLane(room, now) : -1;
        List<Runnable> steps = new ArrayList<>(1);
        List<StreamWriter> all = writers.all();
        for (int place = 0; place < all.size(); place++) {
            StreamWriter writer = all.get(place);
            if (!writer.isFree(now)) {
                continue;
            }
            writer.dropOverdue(now);
            if (writer.mayPack(now)) {
                pack(writer, place, calm >= 0 && calm % all.size() == place ? calm : -1, now);
            }
            InFlightEntry due = writer.due(now);
            if (due != null || count && room.isStale(place, now)) {
                List<Integer> loads =
                        room.loads().ask(place, now) ? writers.layout().lanesOf(writer.stream) : List.of();
                LaneLayout known = writers.layout();
                int at = place;
                writer.begin();
                steps.add(() -> send(writer, at, known, due, loads));
            }
        }
        return steps;
    }

    private void pack(StreamWriter writer, int place, int keylessLane, long now) {
        List<OutgoingCall> calls = waiting.take(place, keylessLane);
        if (calls.isEmpty()) {
            return;
        }
        writer.add(pack(calls, now));
        room.sent(place, calls.size());
        if (keylessLane >= 0) {
            writers.keylessPacked(writer, now);
        }
    }

    private InFlightEntry pack(List<OutgoingCall> calls, long now) {
        long sequence = sequences.incrementAndGet();
        Map<Integer, List<OutgoingCall>> byLane = new LinkedHashMap<>();
        for (OutgoingCall call : calls) {
            byLane.computeIfAbsent(call.lane, lane -> new ArrayList<>()).add(call);
        }
        List<EntryRecord.Section> sections = new ArrayList<>(byLane.size());
        int index = 0;
        for (Map.Entry<Integer, List<OutgoingCall>> one : byLane.entrySet()) {
            List<CallRecord> contents = new ArrayList<>(one.getValue().size());
            int first = index;
            for (OutgoingCall call : one.getValue()) {
                contents.add(call.content);
                call.id = new CallId(session, sequence, index++);
                if (call.expected != null) {
                    results.expect(call.id, call.expected);
                }
            }
            sections.add(new EntryRecord.Section(one.getKey(), first, contents));
            room.loads().sent(one.getKey(), contents.size());
        }
        return new InFlightEntry(OutgoingEntry.of(new EntryRecord(session, sequence, sections)), calls, now);
    }

    // ---- requests; without the lock ----

    private void prepare() {
        attempt(store::prepare).whenComplete(this::prepared);
    }

    private void prepared(LaneLayout found, Throwable failure) {
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
                layout = writers.layout() == null ? Layout.UNKNOWN : Layout.STALE;
                layoutProblem = store.explain(failure);
                failed(layoutProblem);
            }
            steps = next(false);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    private void layOut(LaneLayout found) {
        LaneLayout present = writers.layout();
        long now = System.nanoTime();
        if (found.equals(present) || present != null && isAwaitedIn(present, found, now)) {
            return;
        }
        List<OutgoingCall> unpacked = new ArrayList<>();
        for (InFlightEntry flight : writers.flights(now)) {
            for (OutgoingCall call : flight.calls) {
                results.forget(call.id);
                // a call whose time is over has failed already
                if (call.deadline - now > 0) {
                    unpacked.add(call);
                }
            }
        }
        waiting.forgetLayout(unpacked);
        writers.layOut(found);
        room.layOut(found);
        waiting.layOut(found);
    }

    /** Whether an entry may be stored in the present layout, which another one follows: it is sent there first. */
    private boolean isAwaitedIn(LaneLayout present, LaneLayout found, long now) {
        return found.generation() > present.generation()
                && writers.flights(now).stream().anyMatch(InFlightEntry::mayBeStored);
    }

    /** @param flight null if only the counters are wanted */
    private void send(StreamWriter writer, int place, LaneLayout known, InFlightEntry flight, List<Integer> loads) {
        OutgoingEntry entry = flight == null ? OutgoingEntry.NONE : flight.entry();
        attempt(() -> store.appender().append(known, writer.stream, entry, loads))
                .whenComplete((answer, failure) -> replied(writer, place, flight, loads, answer, failure));
    }

    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void replied(
            StreamWriter writer,
            int place,
            InFlightEntry flight,
            List<Integer> loads,
            Answer answer,
            Throwable failure) {
        try {
            take(writer, place, flight, loads, answer, failure).forEach(call -> call.stored.complete(null));
        } finally {
            // also after an Error, or the stream would never be written again
            goOn(writer);
        }
    }

    /** @return the calls that are confirmed */
    private List<OutgoingCall> take(
            StreamWriter writer,
            int place,
            InFlightEntry flight,
            List<Integer> loads,
            Answer answer,
            Throwable failure) {
        lock.lock();
        try {
            List<OutgoingCall> confirmed = List.of();
            if (failure == null) {
                writer.answered();
                confirmed = answered(writer, place, flight, loads, answer);
                recovered();
            } else {
                FloodlockFailure problem = store.explain(failure);
                if (flight != null) {
                    flight.sentInVain();
                }
                writer.failed(problem, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
                room.unanswered(place);
                failed(problem);
            }
            room.changed();
            return confirmed;
        } finally {
            lock.unlock();
        }
    }

    private void goOn(StreamWriter writer) {
        List<Runnable> steps;
        lock.lock();
        try {
            writer.ended();
            steps = next(false);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    /** @return the calls that are confirmed */
    private List<OutgoingCall> answered(
            StreamWriter writer, int place, InFlightEntry flight, List<Integer> loads, Answer answer) {
        switch (answer.outcome()) {
            case STORED -> {
                List<OutgoingCall> confirmed = flight == null ? List.of() : stored(writer, flight, answer);
                room.heard(place, answer.unfinished(), writer.underWay());
                for (int i = 0; i < loads.size(); i++) {
                    room.loads().stated(loads.get(i), answer.loads().get(i));
                }
                return confirmed;
            }
            case NO_STREAM -> {
                layout = Layout.STALE;
                room.heard(place, 0, writer.underWay());
                later();
            }
            case OTHER_LAYOUT, SEALED -> {
                layout = Layout.STALE;
                later();
            }
            case RETIRED -> {
                layout = Layout.STALE;
                if (flight != null && flight.mayBeStored()) {
                    retired(writer, flight);
                }
                later();
            }
            case REFUSED -> {
                room.unanswered(place);
                if (flight != null) {
                    refused(writer, flight, answer.detail());
                }
            }
        }
        return List.of();
    }

    /** An entry that too few replicas have is sent again, as a new master may lack it. */
    private List<OutgoingCall> stored(StreamWriter writer, InFlightEntry flight, Answer answer) {
        List<OutgoingCall> confirmed = flight.takeConfirmed(answer.replicas());
        if (answer.replicas() >= flight.entry().replicas()) {
            writer.remove(flight);
        } else {
            flight.sentInVain();
            FloodlockFailure lacking =
                    Failure.UNAVAILABLE.because("Redis at " + store.address() + " has stored it, but "
                            + answer.replicas() + " of the " + flight.entry().replicas()
                            + " replicas that confirm=REPLICATED asks for have acknowledged it.");
            writer.failed(lacking, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
            retried(lacking);
        }
        for (OutgoingCall call : confirmed) {
            if (call.expected != null) {
                results.stored(call.id, store, writer.stream, call.lane, answer.id());
            }
        }
        return confirmed;
    }

    private void retired(StreamWriter writer, InFlightEntry flight) {
        writer.remove(flight);
        for (OutgoingCall call : flight.calls) {
            results.forget(call.id);
            call.fail(Failure.ENQUEUE_UNKNOWN.because("Redis did not confirm call " + call.id + " of queue " + queue
                    + " before the queue got another number of lanes. It may have run; calling again makes a second"
                    + " call."));
        }
    }

    private void refused(StreamWriter writer, InFlightEntry flight, String error) {
        if (flight.mayBeStored()) {
            // an earlier attempt may have succeeded, so only the deadline ends the repetition
            flight.notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
            later();
            return;
        }
        writer.remove(flight);
        FloodlockFailure problem = store.explain(new IllegalStateException(error));
        for (OutgoingCall call : flight.calls) {
            results.forget(call.id);
            call.fail(notStored(problem.getMessage(), problem));
        }
    }

    private void failed(FloodlockFailure problem) {
        if (store.isPermanent(problem)) {
            // retrying is useless until a setting changes; calls that were not packed are certainly not stored
            waiting.takeAll().forEach(call -> call.fail(notStored(problem.getMessage(), problem)));
        }
        retried(problem);
    }

    private void retried(FloodlockFailure problem) {
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
