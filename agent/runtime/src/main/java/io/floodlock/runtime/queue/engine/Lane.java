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
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.redis.RedisLaneLog;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * One lane of a queue while this JVM owns it. Guarded by its consumer's lock; replies of Redis take the lock themselves.
 */
final class Lane {

    /*
     * What a lane is.
     *
     * A stream of packed entries, appended by any JVM with a plain XADD, read by the one JVM that owns the lane with a plain
     * XREAD from a cursor. Beside it, in the same slot: its state (epoch, low, ordinal, finished, reserved, number of the last
     * change), marks of partly finished entries, how far each producer has come, attempts of calls that failed, parked calls,
     * dead letters.
     *
     * Where a call is. Every unfinished call is in exactly one of stream, parked calls and dead letters: whatever moves it is
     * one change, and the progress script applies a change whole or not at all, and once, by its number.
     *
     * Positions. low: the last entry of which nothing is left to do, nor in any before it; the stream is trimmed up to it.
     * cursor: the last entry read. Between them stands the window: entries with calls that wait, run or are parked. An
     * ordinal counts the calls of all entries up to low, so that it says where a call stands whatever ids Redis gave.
     *
     *      trimmed | low ...... window ...... cursor | not read yet
     *
     * States.
     *
     *   LOADING   the lock is ours; the takeover raises the epoch copy in the lane's slot. From that moment every script of
     *             an earlier owner is refused, whatever it believes. Parked calls come first into their lines, then the
     *             stream is read from low: so the order of a key is that of its calls' arrival.
     *   RUNNING   calls are read, reserved, run, and finished or parked.
     *   LEAVING   another JVM wants the lane, or this one ends: nothing new starts; once nothing runs and the last change is
     *             confirmed, the lock is given back. The last change says that the owner left, so nobody suspects its calls.
     *   ENDED     left, or lost: the lease ended, or Redis knows another epoch, or has forgotten a change that it had
     *             confirmed. Bodies that still run are on their own: their progress is refused. A new ownership is a new
     *             object, made only when none of them runs here any more.
     *
     * Changes. At most one is under way; what happens meanwhile gathers in the next (group commit). A change is sent again
     * with the same bytes until it is confirmed or the lane has ended. Mere progress waits up to twenty milliseconds for
     * company: losing it costs a repeated body, never a call. A change that something waits for goes at once.
     *
     * Identity. A producer sends its entries of a lane one after the other and each again until confirmed, so an entry at or
     * below the last sequence seen of its session is a repetition, and is skipped. What is stored of it is as of low, as
     * entries above low will be read again; what is compared with is as of the cursor.
     *
     * Failing. A body that fails parks the line of its key for its backoff; the call stays first. Others go on. When the
     * window is full, calls of parked lines move to the parked calls and leave the stream, so that low goes on and one
     * failing key never stalls the lane. A call that is dead leaves with its dead letter in one change.
     *
     * Crashes. Before calls may run, a range of ordinals is reserved, a thousand ahead. A successor of an owner that did not
     * leave takes the unfinished calls of that range for suspects; see Isolation. A parked call, whose ordinal is gone, is
     * announced one by one. An owner that comes back itself (Redis was away longer than the lease) has not died.
     *
     * What can go backwards. If Redis comes back with less than it had confirmed (everysec, a promoted replica), the change's
     * number or the stream's last id shows it: the lane ends and is taken over anew from what is there.
     */

    enum State {
        LOADING,
        RUNNING,
        LEAVING,
        ENDED
    }

    /** An entry as read: {@code packed} is null where the bytes are no entry of ours. */
    record Read(Position id, EntryRecord packed, byte[] raw) {}

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /** Unfinished calls above low; beyond, parked ones move out, and nothing more is read. */
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

    // read without the lock where a stale answer does no harm
    private volatile State state = State.LOADING;
    private final KeyScheduler order = new KeyScheduler();
    private final Deque<EntryProgress> window = new ArrayDeque<>();
    private final Deque<LaneCall> unreserved = new ArrayDeque<>();
    private int open;

    private Position lowWatermark = Position.ZERO;
    private Position cursor = Position.ZERO;
    private long ordinal;
    private long readOrdinal;
    private long finished;
    private long reserved;
    private long reserving;
    private long suspectsBelow;

    private final Map<UUID, ProducerProgress> atLow = new HashMap<>();
    private final Map<UUID, ProducerProgress> atCursor = new HashMap<>();
    private final Set<Position> storedDoneBits = new HashSet<>();
    private Map<Position, byte[]> loadedDoneBits = Map.of();
    private Map<String, Attempts> loadedAttempts = Map.of();
    private long nextParked;

    private LaneChange changes = new LaneChange();
    private LaneChange underWay;
    private long changeNumber;

    /** The cursor when the change under way was sent: what was read by then must be known to Redis still. */
    private Position readBefore = Position.ZERO;

    private boolean flushPlanned;
    private boolean lastChangeSent;
    private final Set<CompletableFuture<Void>> awaited = new HashSet<>();

    /** Calls that run, or whose result is being stored. */
    private int busy;

    Lane(int index, Ownership ownership, LaneHost host, RedisLaneLog store) {
        this.index = index;
        this.ownership = ownership;
        this.host = host;
        this.store = store;
    }

    State state() {
        return state;
    }

    RedisLaneLog store() {
        return store;
    }

    Position cursor() {
        return cursor;
    }

    int busy() {
        return busy;
    }

    boolean wantsEntries() {
        return state == State.RUNNING && open < WINDOW && unreserved.isEmpty();
    }

    // ---- takeover ----

    /** @param self the session of this JVM, under which it may have owned the lane before */
    void load(LaneSnapshot found, UUID self) {
        if (state != State.LOADING) {
            return;
        }
        lowWatermark = found.lowWatermark();
        cursor = lowWatermark;
        ordinal = found.ordinal();
        readOrdinal = ordinal;
        finished = found.finished();
        boolean died =
                !found.previousOwner().isEmpty() && !found.previousOwner().equals(self.toString());
        suspectsBelow = died ? found.reserved() : 0;
        atLow.putAll(found.identities());
        atCursor.putAll(found.identities());
        loadedDoneBits = new HashMap<>(found.doneBits());
        storedDoneBits.addAll(found.doneBits().keySet());
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
                    "Took over lane {} of queue {} from {}, which did not leave it; up to {} calls run one at a time",
                    index,
                    host.queue(),
                    found.previousOwner(),
                    Math.max(0, suspectsBelow - ordinal));
        }
        forgetOldIdentities();
        reserveUpTo(readOrdinal + RESERVE);
        flushNow();
    }

    private void forgetOldIdentities() {
        long before = host.wallMillis() - IDENTITY_KEPT_MS;
        atLow.entrySet().removeIf(entry -> {
            ProducerProgress identity = entry.getValue();
            if (identity.seenAt() >= before || !identity.equals(atCursor.get(entry.getKey()))) {
                return false;
            }
            // its calls are counted out together with the total that the script drops
            finished -= identity.total();
            atCursor.remove(entry.getKey());
            changes.forget(entry.getKey());
            return true;
        });
    }

    // ---- reading ----

    void entries(List<Read> read) {
        if (state != State.RUNNING) {
            return;
        }
        for (Read next : read) {
            if (next.id().compareTo(cursor) <= 0) {
                continue;
            }
            cursor = next.id();
            EntryProgress entry = entry(next);
            window.add(entry);
            open += entry.open();
            for (int i = 0; i < entry.count; i++) {
                if (!entry.hasLeft(i)) {
                    unreserved.add(call(entry, i, next.packed().calls().get(i)));
                }
                readOrdinal++;
            }
        }
        advance();
        if (readOrdinal > reserving) {
            reserveUpTo(readOrdinal + RESERVE);
            flushNow();
        } else if (readOrdinal + RESERVE / 2 > reserving) {
            reserveUpTo(readOrdinal + RESERVE);
            flushSoon();
        }
        offerReserved();
        makeRoom();
    }

    private EntryProgress entry(Read read) {
        EntryRecord packed = read.packed();
        if (packed == null) {
            changes.dead(
                    new DeadLetter("", "", null, "not an entry of a known format", 0, host.wallMillis(), read.raw())
                            .toBytes());
            host.dead("", "not an entry of a known format");
            return EntryProgress.skipped(read.id());
        }
        ProducerProgress last = atCursor.get(packed.session());
        if (last != null && packed.sequence() <= last.sequence()) {
            return EntryProgress.skipped(read.id());
        }
        atCursor.put(packed.session(), new ProducerProgress(packed.sequence(), packed.total(), host.wallMillis()));
        return new EntryProgress(
                read.id(),
                packed.session(),
                packed.sequence(),
                packed.total(),
                packed.calls().size(),
                loadedDoneBits.remove(read.id()));
    }

    private LaneCall call(EntryProgress entry, int index, CallRecord content) {
        LaneCall call = new LaneCall(this);
        call.entry = entry;
        call.index = index;
        call.id = new CallId(entry.session, entry.sequence, index);
        call.content = content;
        call.suspect = readOrdinal < suspectsBelow;
        recall(call);
        return call;
    }

    /** What an earlier owner has stored of the call's attempts. */
    private void recall(LaneCall call) {
        Attempts stored = loadedAttempts.remove(call.id.toString());
        if (stored != null) {
            call.attempts = stored;
            call.suspect |= stored.run() != Attempts.Run.NONE;
        }
    }

    private void reserveUpTo(long limit) {
        reserving = Math.max(reserving, limit);
        changes.touch();
    }

    private void offerReserved() {
        if (readOrdinal > reserved) {
            return;
        }
        for (LaneCall call = unreserved.poll(); call != null; call = unreserved.poll()) {
            order.add(call, call.content.key());
        }
    }

    // ---- running ----

    /** The next call that may run, or null. It counts as running; {@link #stopped} must follow. */
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

    private boolean runs() {
        return state == State.RUNNING && ownership.held();
    }

    /** What a parked call consists of has been fetched. */
    void fetched(LaneCall call, ParkedRecord record) {
        call.id = record.id();
        call.content = record.content();
        recall(call);
    }

    /** Stores how a call is about to be run; ends exceptionally if the lane ends first. */
    CompletableFuture<Void> announce(LaneCall call, Attempts.Run how) {
        call.attempts = call.attempts.running(how);
        changes.attempts(call.id, call.attempts);
        return allStored();
    }

    /** Ends when all that has happened so far is stored; exceptionally if the lane ends first. */
    CompletableFuture<Void> allStored() {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        if (state == State.ENDED) {
            stored.completeExceptionally(new IllegalStateException("the lane is lost"));
            return stored;
        }
        awaited.add(stored);
        changes.whenStored(() -> {
            awaited.remove(stored);
            stored.complete(null);
        });
        flushNow();
        return stored;
    }

    /** The body has ended for good, or is known never to run: the next of its key may. */
    void passed(LaneCall call) {
        if (state != State.ENDED) {
            order.done(call);
        }
    }

    /** The call is finished: nothing of it is left to do, its result is stored. */
    void finished(LaneCall call) {
        if (state == State.ENDED) {
            return;
        }
        finished++;
        dropAttempts(call);
        leave(call);
        flushSoon();
    }

    /** The call is finished by its dead letter. */
    void buried(LaneCall call, DeadLetter letter) {
        if (state == State.ENDED) {
            return;
        }
        finished++;
        changes.dead(letter.toBytes());
        dropAttempts(call);
        leave(call);
        flushNow();
    }

    /** The body failed and is run again after a pause: the key waits. Answers the parking to wake. */
    int failed(LaneCall call, Attempts attempts) {
        if (state == State.ENDED) {
            return -1;
        }
        call.attempts = attempts;
        call.suspect = false;
        changes.attempts(call.id, attempts);
        order.park(call, null);
        flushNow();
        makeRoom();
        return call.line.parkings;
    }

    /** Nobody here can run the call: its key waits for a method. Answers the parking to wake. */
    int unhandled(LaneCall call) {
        if (state == State.ENDED) {
            return -1;
        }
        order.park(call, call.content.name());
        makeRoom();
        return call.line.parkings;
    }

    /** A run is over, result and all, whatever came of it. */
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

    /** Names of methods for which keys wait. */
    Set<String> missing() {
        Set<String> out = new HashSet<>();
        for (KeyScheduler.Line line : order.parked()) {
            if (line.missing != null) {
                out.add(line.missing);
            }
        }
        return out;
    }

    private void dropAttempts(LaneCall call) {
        if (!call.attempts.equals(Attempts.NO)) {
            changes.attemptsGone(call.id);
        }
    }

    private void leave(LaneCall call) {
        if (call.entry == null) {
            changes.parkedGone(call.parkedField);
        } else {
            leaveStream(call);
        }
    }

    private void leaveStream(LaneCall call) {
        EntryProgress entry = call.entry;
        boolean couldRead = wantsEntries();
        if (entry.leave(call.index)) {
            open--;
            changes.marked(entry.id, entry.doneBits());
            advance();
        }
        if (!couldRead && wantsEntries()) {
            host.readable();
        }
    }

    private void advance() {
        for (EntryProgress head = window.peek(); head != null && head.open() == 0; head = window.peek()) {
            window.poll();
            lowWatermark = head.id;
            ordinal += head.count;
            changes.entryGone(head.id, storedDoneBits.remove(head.id) | isUnderWay(head));
            if (head.session != null) {
                ProducerProgress before = atLow.get(head.session);
                long sentBefore = before == null ? 0 : before.total();
                // calls that the producer gave up on and that never arrived
                finished += Math.max(0, head.total - sentBefore - head.count);
                ProducerProgress now = new ProducerProgress(head.sequence, head.total, host.wallMillis());
                atLow.put(head.session, now);
                changes.identity(head.session, now.toString());
            }
        }
    }

    private boolean isUnderWay(EntryProgress entry) {
        return underWay != null && underWay.markedEntries().contains(entry.id);
    }

    /** With a full window, calls of parked lines leave the stream. */
    private void makeRoom() {
        if (open < WINDOW || state != State.RUNNING) {
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
                    changes.whenStored(this::makeRoom);
                    flushNow();
                    return;
                }
                calls++;
                bytes += call.content.weight();
                move(call);
            }
        }
        if (calls > 0) {
            flushNow();
        }
    }

    private void move(LaneCall call) {
        String field = new ParkedField(nextParked++, call.content.key()).toString();
        changes.parked(field, new ParkedRecord(call.id, call.content).toBytes());
        call.parkedField = field;
        leaveStream(call);
        call.entry = null;
        // fetched again when its turn comes
        call.content = null;
    }

    // ---- changes ----

    private void flushSoon() {
        if (!flushPlanned && underWay == null) {
            flushPlanned = true;
            host.later(COMPANY_MS, () -> {
                flushPlanned = false;
                flushNow();
            });
        }
    }

    private void flushNow() {
        if (underWay != null || changes.isEmpty() || state == State.LOADING || state == State.ENDED) {
            return;
        }
        underWay = changes;
        changes = new LaneChange();
        changeNumber++;
        Position keep = lowWatermark.next();
        readBefore = cursor;
        long limit = lastChangeSent ? 0 : reserving;
        send(
                RedisLaneLog.arguments(
                        ownership.epoch(),
                        changeNumber,
                        lowWatermark,
                        keep,
                        ordinal,
                        finished,
                        limit,
                        lastChangeSent,
                        underWay),
                limit,
                100);
    }

    private void send(List<Object> arguments, long limit, long retryMillis) {
        store.store(arguments)
                .whenComplete((answer, failure) -> host.locked(() -> {
                    if (state == State.ENDED) {
                        return;
                    }
                    if (failure != null) {
                        host.later(retryMillis, () -> {
                            if (state != State.ENDED) {
                                send(arguments, limit, Math.min(1_000, retryMillis * 2));
                            }
                        });
                    } else if (answer.word().equals("OK")) {
                        stored(limit, answer.detail());
                    } else {
                        lost("Redis answers " + answer.word() + " " + answer.detail());
                    }
                }));
    }

    private void stored(long limit, String lastId) {
        LaneChange done = underWay;
        underWay = null;
        reserved = limit;
        for (EntryProgress entry : window) {
            if (done.markedEntries().contains(entry.id)) {
                storedDoneBits.add(entry.id);
            }
        }
        if (Position.parse(lastId).compareTo(readBefore) < 0) {
            lost("Redis has lost entries that were read before");
            return;
        }
        List<Runnable> waiting = new ArrayList<>(done.whenStored());
        boolean wanted = wantsEntries();
        offerReserved();
        waiting.forEach(Runnable::run);
        if (lastChangeSent && changes.isEmpty()) {
            end();
            ownership.release();
            return;
        }
        if (!changes.isEmpty()) {
            flushSoon();
        }
        leaveIfIdle();
        if (!wanted && wantsEntries()) {
            host.readable();
        }
        host.runnable();
    }

    /** Has Redis compare notes: after a lost connection it may be another. */
    void check() {
        if (state == State.RUNNING && underWay == null) {
            changes.touch();
            flushNow();
        }
    }

    // ---- the end ----

    /** Nothing new starts; the lane is given back once nothing runs. */
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
        if (state == State.LEAVING && busy == 0 && !lastChangeSent && underWay == null) {
            lastChangeSent = true;
            changes.touch();
            flushNow();
        }
    }

    /** The limit is reached: what runs is left to itself. */
    void abandon() {
        if (state != State.ENDED) {
            end();
            ownership.release();
        }
    }

    /** Another may own the lane by now. */
    void lost(String why) {
        if (state != State.ENDED) {
            log.info("Lane {} of queue {} is lost: {}", index, host.queue(), why);
            end();
            ownership.release();
        }
    }

    private void end() {
        state = State.ENDED;
        awaited.forEach(waiting -> waiting.completeExceptionally(new IllegalStateException("the lane is lost")));
        awaited.clear();
        host.ended(this);
    }
}
