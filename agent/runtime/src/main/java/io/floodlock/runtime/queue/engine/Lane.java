package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.DeadLetter;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.ParkedRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.RedisLaneLog;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of a queue while this JVM owns it: the calls read from its stream, their order by key, and their progress
 * in Redis. It guarantees that an unfinished call is always in exactly one place in Redis, and that Redis refuses the
 * progress of an earlier owner.
 *
 * <p>{@link QueueConsumer} creates a lane and calls it; {@link CallRun} reports the outcome of each call. Guarded by
 * its consumer's lock; callbacks for Redis replies acquire that lock themselves. Read the comment below first, then
 * {@link KeyScheduler} and {@link CrashIsolation}.
 */
final class Lane {

    /*
     * Data of a lane. Its stream holds packed entries. Any JVM appends entries with a plain XADD. The one JVM that
     * owns the lane's lock reads them with a plain XREAD from a cursor. The same slot also holds: the lane's state
     * (epoch, low, ordinal, finished, reserved, number of the last change), the bits of partly finished entries, the
     * progress of each producer, the attempts of calls that failed, the parked calls and the dead letters.
     *
     * Place of a call. Every unfinished call is in exactly one of stream, parked calls and dead letters. Each move of
     * a call is one change. The progress script applies a change whole or not at all. It applies a change only once,
     * which it checks by the change's number.
     *
     * Positions: see LaneWindow. Changes: see LaneWriter. Identity of entries: see ProducerPositions.
     *
     * States.
     *
     *   LOADING   This JVM holds the lock. The takeover raises the copy of the epoch in the lane's slot. From then
     *             on Redis refuses every script of an earlier owner, whatever that owner assumes. Parked calls are
     *             added to their lines first, then the stream is read from low: so the calls of a key keep their
     *             order of arrival.
     *   RUNNING   Calls are read, reserved, run, and then finished or parked.
     *   LEAVING   Another JVM wants the lane, or this JVM ends. No new call starts. Once no call runs and the last
     *             change is confirmed, the lock is released. The last change records that the owner left, so its
     *             calls do not become suspects.
     *   ENDED     The lane was left or lost. It is lost if the lease ended, if Redis has another epoch, or if Redis
     *             no longer has a change that it had confirmed. Bodies that still run continue without the lane:
     *             Redis refuses their progress. A new ownership is a new object. It is created only when none of
     *             these bodies runs in this JVM any more.
     *
     * Failures. When a body fails, the line of its key is parked for the backoff; the call stays first in the line.
     * Other lines continue. When the window is full, calls of parked lines move to the parked calls and leave the
     * stream. So low advances and one failing key never stalls the lane. A dead call leaves the lane in the same
     * change that stores its dead letter.
     *
     * Crashes. Before calls may run, a range of ordinals is reserved, 1000 ahead. If an owner ended without leaving,
     * its successor treats the unfinished calls of that range as suspects; see CrashIsolation. A parked call has no
     * ordinal any more, so its run is announced in Redis individually. If the previous owner is this JVM itself
     * (Redis was unreachable for longer than the lease), the owner did not die and there are no suspects.
     *
     * Lost data in Redis. Redis may restart with less data than it had confirmed (appendfsync everysec, a promoted
     * replica). The number of the change or the last id of the stream reveals this. Then the lane ends and is taken
     * over again from the data that is left.
     */

    enum State {
        LOADING,
        RUNNING,
        LEAVING,
        ENDED
    }

    /** An entry as read; {@code packed} is null if the bytes are not an entry of a known format. */
    record Read(Position id, EntryRecord packed, byte[] raw) {}

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /** Most unfinished calls above low. At this limit, calls of parked lines leave the stream and reading stops. */
    static final int WINDOW = 4_096;

    private static final int RESERVE = 1_000;
    private static final int MOVE_CALLS = 512;
    private static final int MOVE_BYTES = 1 << 20;
    private static final long COMPANY_MS = 20;
    private static final long IDENTITY_KEPT_MS = 3_600_000;

    final int index;
    final Ownership ownership;
    private final LaneHost host;
    private final RedisLaneLog store;

    // volatile: some readers do not hold the lock, where a stale value does no harm
    private volatile State state = State.LOADING;
    private final KeyScheduler order = new KeyScheduler();
    private final LaneWindow window = new LaneWindow();
    private final ProducerPositions producers = new ProducerPositions();
    private final LaneWriter writer;
    private final Deque<LaneCall> unreserved = new ArrayDeque<>();

    private long finished;
    private long reserved;
    private long reserving;
    private long suspectsBelow;

    private Map<String, Attempts> loadedAttempts = Map.of();
    private long nextParked;

    /** Calls that run, or whose result is being stored. */
    private int busy;

    Lane(int index, Ownership ownership, LaneHost host, RedisLaneLog store) {
        this.index = index;
        this.ownership = ownership;
        this.host = host;
        this.store = store;
        this.writer = new LaneWriter(this, host, store);
    }

    State state() {
        return state;
    }

    RedisLaneLog store() {
        return store;
    }

    Position cursor() {
        return window.cursor();
    }

    LaneWindow window() {
        return window;
    }

    /** The number of calls that left the lane, as producers subtract it from the calls sent. */
    long finished() {
        return finished;
    }

    /** The ordinal below which calls may run once the next change is stored. */
    long reserving() {
        return reserving;
    }

    /** Whether this JVM has taken the lane over and not left or lost it. */
    boolean isOwner() {
        return state == State.RUNNING || state == State.LEAVING;
    }

    int busy() {
        return busy;
    }

    boolean wantsEntries() {
        return state == State.RUNNING && window.open() < WINDOW && unreserved.isEmpty();
    }

    // ---- takeover ----

    /**
     * @param self the session of this JVM. If it is also the previous owner, that owner did not die, and no call is a
     *     suspect
     */
    void load(LaneSnapshot found, UUID self) {
        if (state != State.LOADING) {
            return;
        }
        window.load(found);
        producers.load(found.identities());
        finished = found.finished();
        boolean died =
                !found.previousOwner().isEmpty() && !found.previousOwner().equals(self.toString());
        suspectsBelow = died ? found.reserved() : 0;
        loadedAttempts = new HashMap<>();
        found.attempts().forEach((call, attempts) -> {
            Attempts now = died ? attempts.afterDeath() : attempts.running(Attempts.Run.NONE);
            loadedAttempts.put(call, now);
        });
        found.parkedFields().stream()
                .map(ParkedField::parse)
                .sorted((a, b) -> Long.compare(a.number(), b.number()))
                .forEach(field -> {
                    LaneCall call = new LaneCall(this);
                    call.parkedField = field.toString();
                    nextParked = Math.max(nextParked, field.number() + 1);
                    order.add(call, field.key());
                });
        state = State.RUNNING;
        if (died) {
            log.info(
                    "Took over lane {} of queue {} from session {}, which did not release it;"
                            + " up to {} calls that it may have been running now run one at a time",
                    index,
                    host.queue(),
                    found.previousOwner(),
                    Math.max(0, suspectsBelow - window.ordinal()));
        }
        finished -= producers.forgetOld(host.wallMillis(), writer.changes());
        reserveUpTo(window.readOrdinal() + RESERVE);
        writer.flushNow();
    }

    // ---- reading ----

    void entries(List<Read> read) {
        if (state != State.RUNNING) {
            return;
        }
        for (Read next : read) {
            if (next.id().compareTo(window.cursor()) <= 0) {
                continue;
            }
            EntryProgress entry = entry(next);
            long ordinal = window.readOrdinal();
            window.add(entry);
            for (int i = 0; i < entry.count; i++) {
                if (!entry.hasLeft(i)) {
                    LaneCall call = call(entry, i, next.packed().calls().get(i));
                    call.suspect |= ordinal + i < suspectsBelow;
                    unreserved.add(call);
                }
            }
        }
        advance();
        if (window.readOrdinal() > reserving) {
            reserveUpTo(window.readOrdinal() + RESERVE);
            writer.flushNow();
        } else if (window.readOrdinal() + RESERVE / 2 > reserving) {
            reserveUpTo(window.readOrdinal() + RESERVE);
            writer.flushSoon();
        }
        offerReserved();
        makeRoom();
    }

    private EntryProgress entry(Read read) {
        EntryRecord packed = read.packed();
        if (packed == null) {
            writer.changes()
                    .dead(new DeadLetter(
                                    "", "", null, "not an entry of a known format", 0, host.wallMillis(), read.raw())
                            .toBytes());
            host.dead("", "not an entry of a known format");
            return EntryProgress.skipped(read.id());
        }
        if (producers.isRepetition(packed)) {
            return EntryProgress.skipped(read.id());
        }
        producers.read(packed, host.wallMillis());
        return new EntryProgress(
                read.id(),
                packed.session(),
                packed.sequence(),
                packed.total(),
                packed.calls().size(),
                window.loadedDoneBits(read.id()));
    }

    private LaneCall call(EntryProgress entry, int index, CallRecord content) {
        LaneCall call = new LaneCall(this);
        call.entry = entry;
        call.index = index;
        call.id = new CallId(entry.session, entry.sequence, index);
        call.content = content;
        recall(call);
        return call;
    }

    /** Applies the attempts of the call that an earlier owner has stored. */
    private void recall(LaneCall call) {
        Attempts stored = loadedAttempts.remove(call.id.toString());
        if (stored != null) {
            call.attempts = stored;
            call.attemptsStored = true;
            call.suspect |= stored.run() != Attempts.Run.NONE;
        }
    }

    private void reserveUpTo(long limit) {
        reserving = Math.max(reserving, limit);
        writer.changes().touch();
    }

    private void offerReserved() {
        if (window.readOrdinal() > reserved) {
            return;
        }
        for (LaneCall call = unreserved.poll(); call != null; call = unreserved.poll()) {
            order.add(call, call.content.key());
        }
    }

    // ---- running ----

    /**
     * The next call that may run, or null. It counts as running from now on; the caller must call {@link #stopped}
     * afterwards.
     */
    LaneCall next() {
        if (state != State.RUNNING || !ownership.held()) {
            return null;
        }
        LaneCall suspect = order.peekSuspect();
        if (suspect != null && host.isolation().enter(suspect.isolation(), this::runs)) {
            busy++;
            suspect.enteredAs = suspect.isolation();
            return order.startSuspect();
        }
        if (!order.hasReady() || !host.isolation().enter(Attempts.Run.NONE, this::runs)) {
            return null;
        }
        busy++;
        LaneCall call = order.next();
        call.enteredAs = Attempts.Run.NONE;
        return call;
    }

    /** Takes back {@link #next()}: the call could not run, and is ready again before all others. */
    void putBack(LaneCall call) {
        if (state != State.ENDED) {
            order.putBack(call);
        }
        stopped();
    }

    private boolean runs() {
        return state == State.RUNNING && ownership.held();
    }

    /** Sets the id and content of a parked call, which were read from Redis. */
    void fetched(LaneCall call, ParkedRecord record) {
        call.id = record.id();
        call.content = record.content();
        recall(call);
    }

    /** Stores how a call is about to run. Completes when this is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> announce(LaneCall call, Attempts.Run how) {
        keep(call, call.attempts.running(how));
        return allStored();
    }

    /** Completes when all progress so far is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> allStored() {
        if (state == State.ENDED) {
            return CompletableFuture.failedFuture(LaneWriter.notOwned());
        }
        return writer.allStored();
    }

    /** The body has ended, or is known never to run: the next call of its key may run. */
    void passed(LaneCall call) {
        if (state != State.ENDED) {
            order.done(call);
        }
    }

    /** The call is finished: its result is stored and no work is left. */
    void finished(LaneCall call) {
        if (state == State.ENDED) {
            return;
        }
        finished++;
        dropAttempts(call);
        leave(call);
        writer.flushSoon();
    }

    /** The call is finished by its dead letter. */
    void buried(LaneCall call, DeadLetter letter) {
        if (state == State.ENDED) {
            return;
        }
        finished++;
        writer.changes().dead(letter.toBytes());
        dropAttempts(call);
        leave(call);
        writer.flushNow();
    }

    /**
     * The body failed and will run again after a pause; until then its key waits.
     *
     * @return the number of the parking, for {@link #wake}; -1 if the lane has ended
     */
    int failed(LaneCall call, Attempts attempts) {
        if (state == State.ENDED) {
            return -1;
        }
        call.suspect = false;
        keep(call, attempts);
        order.park(call, null);
        writer.flushNow();
        makeRoom();
        return call.line.parkings;
    }

    /**
     * This JVM can't run the call; its key waits for the method.
     *
     * @return the number of the parking, for {@link #wake}; -1 if the lane has ended
     */
    int unhandled(LaneCall call) {
        if (state == State.ENDED) {
            return -1;
        }
        order.park(call, call.content.name());
        makeRoom();
        return call.line.parkings;
    }

    /** A run is over, with any outcome, and its result is handled. */
    void stopped() {
        busy--;
        leaveIfIdle();
    }

    boolean wake(KeyScheduler.Line line, int parking) {
        return state == State.RUNNING && order.wake(line, parking);
    }

    void wakeUnhandled() {
        if (state == State.RUNNING) {
            order.wakeUnhandled();
        }
    }

    /** Names of methods for which parked lines wait. */
    Set<String> missing() {
        Set<String> out = new HashSet<>();
        for (KeyScheduler.Line line : order.parked()) {
            if (line.missing != null) {
                out.add(line.missing);
            }
        }
        return out;
    }

    private void keep(LaneCall call, Attempts attempts) {
        call.attempts = attempts;
        call.attemptsStored = true;
        writer.changes().attempts(call.id, attempts);
    }

    private void dropAttempts(LaneCall call) {
        if (call.attemptsStored) {
            writer.changes().attemptsGone(call.id);
        }
    }

    private void leave(LaneCall call) {
        if (call.entry == null) {
            writer.changes().parkedGone(call.parkedField);
        } else {
            leaveStream(call);
        }
    }

    private void leaveStream(LaneCall call) {
        EntryProgress entry = call.entry;
        boolean couldRead = wantsEntries();
        if (window.leave(entry, call.index)) {
            writer.changes().marked(entry.id, entry.doneBits());
            advance();
        }
        if (!couldRead && wantsEntries()) {
            host.readable();
        }
    }

    private void advance() {
        for (EntryProgress head = window.advance(); head != null; head = window.advance()) {
            writer.changes().entryGone(head.id, window.forgetDoneBits(head.id) | writer.isStoring(head.id));
            finished += producers.passedLow(head, host.wallMillis(), writer.changes());
        }
    }

    /** If the window is full, moves calls of parked lines out of the stream. */
    private void makeRoom() {
        if (window.open() < WINDOW || state != State.RUNNING) {
            return;
        }
        int calls = 0;
        int bytes = 0;
        for (KeyScheduler.Line line : order.parked()) {
            for (LaneCall call : line.calls) {
                if (call.entry == null) {
                    continue;
                }
                if (calls >= MOVE_CALLS || bytes >= MOVE_BYTES) {
                    writer.changes().whenStored(this::makeRoom);
                    writer.flushNow();
                    return;
                }
                calls++;
                bytes += call.content.weight();
                move(call);
            }
        }
        if (calls > 0) {
            writer.flushNow();
        }
    }

    private void move(LaneCall call) {
        String field = new ParkedField(nextParked++, call.content.key()).toString();
        writer.changes().parked(field, new ParkedRecord(call.id, call.content).toBytes());
        call.parkedField = field;
        leaveStream(call);
        call.entry = null;
        // read again before the call runs
        call.content = null;
    }

    // ---- changes ----

    /** A change is stored that reserves the calls below {@code limit}. */
    void stored(long limit, List<Runnable> waiting) {
        reserved = limit;
        boolean wanted = wantsEntries();
        offerReserved();
        waiting.forEach(Runnable::run);
        if (writer.hasLeft()) {
            end();
            ownership.release();
            return;
        }
        writer.flushRest();
        leaveIfIdle();
        if (!wanted && wantsEntries()) {
            host.readable();
        }
        host.runnable();
    }

    /**
     * Sends a change, so that Redis compares the lane's epoch and change number: after a lost connection it may be
     * another server.
     */
    void check() {
        if (state == State.RUNNING && writer.isIdle()) {
            writer.changes().touch();
            writer.flushNow();
        }
    }

    // ---- the end ----

    /** Starts no more calls, and releases the lane once none runs. */
    void handOver() {
        if (state == State.RUNNING) {
            state = State.LEAVING;
            leaveIfIdle();
        } else if (state == State.LOADING) {
            end();
            ownership.release();
        }
    }

    private void leaveIfIdle() {
        if (state == State.LEAVING && busy == 0) {
            writer.leave();
        }
    }

    /** Releases the lane at the time limit, although calls still run; their progress is not stored. */
    void abandon() {
        if (state != State.ENDED) {
            end();
            ownership.release();
        }
    }

    /** Ends the lane, because another JVM may own it by now. */
    void lost(String why) {
        if (state != State.ENDED) {
            log.info("This JVM no longer owns lane {} of queue {}: {}", index, host.queue(), why);
            end();
            ownership.release();
        }
    }

    private void end() {
        state = State.ENDED;
        writer.end();
        host.ended(this);
    }
}
