package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.DeadLetter;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.ParkedRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of a queue while this JVM owns it: the calls read from its stream, their order by key, and their progress
 * in Redis. It guarantees that an unfinished call is always in exactly one place in Redis, and that Redis refuses the
 * progress of an earlier owner.
 *
 * <p>The queue's consumer creates a lane and calls it; {@link LaneCall} reports the outcome of each call. Guarded by the
 * consumer's lock; callbacks for replies of the store acquire that lock themselves. Read the comment below first, then
 * {@link KeyScheduler} and {@link CrashIsolation}.
 */
public final class Lane implements LaneFeed.Reader {

    /*
     * Data of a lane. Several lanes share a stream of packed entries; an entry has a section for each lane of which it
     * holds calls. Any JVM appends entries. The one JVM that owns the lane's lock runs the calls of its sections; a JVM
     * reads a stream once for all lanes that it owns there. The same slot also holds, for each lane: its owner (epoch,
     * ordinal, reserved, number of the last change), its low, the bits of partly finished entries, the progress of each
     * producer, the attempts of calls that failed, the parked calls and the dead letters. The stream is trimmed up to
     * the least low of its lanes, so a lane that lags behind moves its calls out of the stream (WindowRelief).
     *
     * Place of a call. Every unfinished call is in exactly one of stream, parked calls and dead letters. Each move of
     * a call is one change. The progress script applies a change whole or not at all. It applies a change only once,
     * which it checks by the change's number.
     *
     * Positions: see LaneWindow. Changes: see LaneWriter. Identity of entries: see ProducerPositions. Full windows: see
     * WindowRelief. Hand-over: see HandOver.
     *
     * States.
     *
     *   LOADING   This JVM holds the lock. The takeover raises the copy of the epoch in the lane's slot. From then
     *             on Redis refuses every script of an earlier owner, whatever that owner assumes. Parked calls are
     *             added to their lines first, then the stream is read from low: so the calls of a key keep their
     *             order of arrival.
     *   RUNNING   Calls are read, reserved, run, and then finished or parked.
     *   LEAVING   Another JVM wants the lane and its bodies are short (see HandOver), or this JVM ends. No new call
     *             starts. Once no call runs and the last change is confirmed, the lock is released. The last change
     *             records that the owner left, so its calls do not become suspects. Until then the lane may go back to
     *             RUNNING: a body takes too long, or the other JVM no longer wants the lane.
     *   ENDED     The lane was left or lost. It is lost if the lease ended, if Redis has another epoch, or if Redis
     *             no longer has a change that it had confirmed. Bodies that still run continue without the lane:
     *             Redis refuses their progress. A new ownership is a new object. It is created only when none of
     *             these bodies runs in this JVM any more.
     *
     * Failures. When a body fails, the line of its key is parked for the backoff; the call stays first in the line.
     * Other lines continue. A dead call leaves the lane in the same change that stores its dead letter.
     *
     * Crashes. Redis knows the calls that may run before they run; see Reservation. If an owner ended without leaving,
     * its successor treats these calls as suspects; see CrashIsolation. If the previous owner is this JVM itself
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

    /** The most unfinished calls of the stream that a lane holds in memory. */
    public static final int WINDOW_CALLS = LaneWindow.MOST_CALLS;

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private static final long HAND_OVER_STEP_MS = 100;

    /** How much of the stream is read before low is stored, if no call does it. */
    private static final long UNSTORED_BYTES = 1 << 20;

    final int index;

    /** The number of its stream. */
    final int stream;

    final Ownership ownership;
    private final LaneHost host;
    private final LaneLog store;

    // volatile: some readers do not hold the lock, where a stale value does no harm
    private volatile State state = State.LOADING;
    private final KeyScheduler order = new KeyScheduler();
    private final LaneWindow window = new LaneWindow();
    private final ProducerPositions producers = new ProducerPositions();
    private final LaneWriter writer;
    private final Reservation reservation = new Reservation();
    private final WindowRelief relief;

    /** The calls that have left the lane since the last change was sent. */
    private long finished;

    private int parkedCalls;

    /** The bytes of the stream that were read since the last change was sent. */
    private long unstoredBytes;

    private Map<String, Attempts> loadedAttempts = Map.of();
    /** Calls that run, or whose result is being stored. */
    private int busy;

    /** Calls whose body runs, in the order in which they began. */
    private final Set<LaneCall> bodies = new LinkedHashSet<>();

    /** Not null while another JVM is to own the lane. */
    private HandOver handOver;

    public Lane(int index, int stream, Ownership ownership, LaneHost host, LaneLog store) {
        this.index = index;
        this.stream = stream;
        this.ownership = ownership;
        this.host = host;
        this.store = store;
        this.writer = new LaneWriter(this, host, store);
        this.relief = new WindowRelief(order, window, writer, reservation, this::moved);
    }

    @Override
    public int number() {
        return index;
    }

    /** The number of its stream. */
    public int stream() {
        return stream;
    }

    /** Runs the action under the lock. */
    <T> T locked(Supplier<T> action) {
        return host.locked(action);
    }

    State state() {
        return state;
    }

    LaneLog store() {
        return store;
    }

    public Position cursor() {
        return window.cursor();
    }

    LaneWindow window() {
        return window;
    }

    /** A change is about to be sent; returns the calls that have left the lane since the last one. */
    long takeFinished() {
        long taken = finished;
        finished = 0;
        unstoredBytes = 0;
        return taken;
    }

    /** The unfinished calls of the lane that this JVM knows. */
    long load() {
        return (long) window.open() + parkedCalls;
    }

    /** Chooses the calls that may run once the change being sent is stored. */
    ReservedCalls reserve() {
        return reservation.next(order, window.readOrdinal());
    }

    /** Whether this JVM has taken the lane over and not left or lost it. */
    public boolean isOwner() {
        return state == State.RUNNING || state == State.LEAVING;
    }

    public int busy() {
        return busy;
    }

    public boolean wantsEntries() {
        return state == State.RUNNING && !window.isFull(host.windowShare());
    }

    // ---- takeover ----

    /**
     * @param self the session of this JVM. If it is also the previous owner, that owner did not die, and no call is a
     *     suspect
     */
    public void load(LaneSnapshot found, UUID self) {
        if (state != State.LOADING) {
            return;
        }
        window.load(found);
        producers.load(found.identities());
        boolean died =
                !found.previousOwner().isEmpty() && !found.previousOwner().equals(self.toString());
        reservation.load(died ? found.reserved() : ReservedCalls.NONE, window.readOrdinal());
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
                    call.park(field);
                    call.suspect = reservation.isSuspectParked(field.number());
                    relief.loaded(field);
                    parkedCalls++;
                    order.add(call, field.key());
                });
        state = State.RUNNING;
        if (died) {
            log.info(
                    "Took over lane {} of queue {} from session {}, which did not release it;"
                            + " the calls that it may have been running, {} at most, now run a few at a time",
                    index,
                    host.queue(),
                    found.previousOwner(),
                    found.reserved().count());
        }
        producers.forgetOld(host.wallMillis(), writer.changes());
        reserveNow();
    }

    // ---- reading ----

    /**
     * Takes the next entries of the stream; those up to the cursor are skipped.
     *
     * @param buries whether this lane takes entries that can't be read
     */
    public void entries(List<LaneFeed.Entry> read, boolean buries) {
        if (state != State.RUNNING) {
            return;
        }
        for (LaneFeed.Entry next : read) {
            if (next.id().compareTo(window.cursor()) <= 0) {
                continue;
            }
            if (next.packed() != null) {
                take(next);
            } else if (buries) {
                bury(next);
            }
            window.read(next.id(), next.raw().length);
            unstoredBytes += next.raw().length;
        }
        advance();
        reserveMore();
        makeRoom();
        if (unstoredBytes > UNSTORED_BYTES) {
            storePosition();
        }
    }

    /** Entries with so many bytes were read for other lanes of the stream, and not for this one. */
    public void missed(long length) {
        window.missed(length);
        makeRoom();
    }

    /** Stores low if it has moved, so that the stream can be trimmed although the lane has no calls in it. */
    public void storePosition() {
        if (state == State.RUNNING && writer.isIdle() && writer.isBehind(window.low())) {
            writer.changes().touch();
            writer.flushNow();
        }
    }

    private void take(LaneFeed.Entry read) {
        EntryRecord packed = read.packed();
        EntryRecord.Section section = packed.section(index);
        if (section == null) {
            return;
        }
        if (producers.isRepetition(packed)) {
            window.add(EntryProgress.skipped(read.id(), section.calls().size()));
            return;
        }
        producers.read(packed, host.wallMillis());
        EntryProgress entry = new EntryProgress(
                read.id(),
                packed.session(),
                packed.sequence(),
                section.calls().size(),
                window.loadedDoneBits(read.id()));
        long ordinal = window.readOrdinal();
        window.add(entry);
        for (int i = 0; i < entry.count; i++) {
            if (entry.hasLeft(i)) {
                reservation.finished(ordinal + i);
            } else {
                CallId id = new CallId(packed.session(), packed.sequence(), section.first() + i);
                add(entry, i, ordinal + i, id, section.calls().get(i));
            }
        }
    }

    private void bury(LaneFeed.Entry read) {
        String cause = "not an entry of a known format";
        writer.changes().dead(new DeadLetter("", "", null, cause, 0, host.wallMillis(), read.raw()).toBytes());
        host.dead("", cause);
    }

    private void add(EntryProgress entry, int index, long ordinal, CallId id, CallRecord content) {
        LaneCall call = new LaneCall(this);
        call.entry = entry;
        call.index = index;
        call.ordinal = ordinal;
        call.id = id;
        call.content = content;
        entry.hold(index, call);
        window.hold(content);
        reservation.read(call);
        recall(call);
        order.add(call, content.key());
        call.line.inStream++;
        call.line.bytesInStream += content.weight();
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

    // ---- reservation ----

    private void reserveMore() {
        if (state != State.RUNNING) {
            return;
        }
        if (order.isHungry() && order.ready() == 0) {
            reservation.starved();
            reserveNow();
        } else if (reservation.runsLow(order, window.readOrdinal())) {
            writer.changes().touch();
            writer.flushSoon();
        }
    }

    private void reserveNow() {
        writer.changes().touch();
        writer.flushNow();
    }

    // ---- running ----

    /** The number of lines whose first call may start, unless a suspect must wait. */
    public int ready() {
        return state == State.RUNNING ? order.ready() + order.suspects() : 0;
    }

    /**
     * The next call that may run, or null. It counts as running from now on; the caller must call {@link #stopped}
     * afterwards.
     */
    public LaneCall next() {
        if (state != State.RUNNING || !ownership.held()) {
            return null;
        }
        LaneCall suspect = order.peekSuspect();
        if (suspect != null) {
            CrashIsolation.Pass pass =
                    host.isolation().enter(suspect.isolation(), this::runs, admitted -> demote(suspect, admitted));
            if (pass != null) {
                return started(order.startSuspect(), pass);
            }
        }
        if (order.ready() > 0) {
            CrashIsolation.Pass pass = host.isolation().enter(Attempts.Run.NONE, this::runs, admitted -> {});
            return pass == null ? null : started(order.next(), pass);
        }
        return null;
    }

    private LaneCall started(LaneCall call, CrashIsolation.Pass pass) {
        busy++;
        call.began = System.nanoTime();
        bodies.add(call);
        call.pass = pass;
        reservation.started();
        reserveMore();
        return call;
    }

    /** A run alone takes too long. It counts as a run beside others before any other call starts. */
    private void demote(LaneCall call, CrashIsolation.Pass pass) {
        host.locked(() -> (pass == call.pass ? announce(call, Attempts.Run.BESIDE) : allStored())
                .whenComplete(
                        (done, failure) -> host.handOff(() -> host.isolation().demoted(pass))));
    }

    /** Takes back {@link #next()}: the call could not run, and is ready again before all others. */
    public void putBack(LaneCall call) {
        bodies.remove(call);
        if (state != State.ENDED) {
            order.putBack(call);
        }
        stopped();
    }

    private boolean runs() {
        return state == State.RUNNING && ownership.held();
    }

    /**
     * Sets the id and content of a parked call, which were read from Redis.
     *
     * @return whether it may run as it was admitted; false if its attempts say that it must run alone
     */
    boolean fetched(LaneCall call, ParkedRecord record) {
        call.id = record.id();
        call.content = record.content();
        recall(call);
        return !call.suspect || call.isolation() != Attempts.Run.ALONE || call.pass.how == Attempts.Run.ALONE;
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
        bodies.remove(call);
        if (state != State.ENDED) {
            order.done(call);
            reserveMore();
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
        bodies.remove(call);
        if (state == State.ENDED) {
            return -1;
        }
        reservation.remove(call);
        call.suspect = false;
        keep(call, attempts);
        order.park(call, null);
        forgetContent(call);
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
        bodies.remove(call);
        if (state == State.ENDED) {
            return -1;
        }
        reservation.remove(call);
        order.park(call, call.content.name());
        forgetContent(call);
        makeRoom();
        return call.line.parkings;
    }

    /** A run is over, with any outcome, and its result is handled. */
    public void stopped() {
        busy--;
        leaveIfIdle();
    }

    boolean wake(KeyScheduler.Line line, int parking) {
        if (!isOwner() || !order.wake(line, parking)) {
            return false;
        }
        reserveMore();
        return true;
    }

    public void wakeUnhandled() {
        if (isOwner()) {
            order.wakeUnhandled();
            reserveMore();
        }
    }

    /** Names of methods for which parked lines wait. */
    public Set<String> missing() {
        Set<String> out = new HashSet<>();
        for (KeyScheduler.Line line : order.parked()) {
            if (line.missing != null) {
                out.add(line.missing);
            }
        }
        return out;
    }

    /** A parked call waits without its content, which is read again before it runs. */
    private static void forgetContent(LaneCall call) {
        if (call.entry == null) {
            call.content = null;
        }
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
        reservation.remove(call);
        if (call.entry == null) {
            parkedCalls--;
            writer.changes().parkedGone(call.parkedField);
        } else {
            leaveStream(call);
        }
    }

    private void moved(LaneCall call) {
        parkedCalls++;
        leaveStream(call);
    }

    private void leaveStream(LaneCall call) {
        EntryProgress entry = call.entry;
        boolean couldRead = wantsEntries();
        if (window.leave(call)) {
            call.line.inStream--;
            call.line.bytesInStream -= call.content.weight();
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
            finished += head.repeated;
            producers.passedLow(head.session, head.sequence, host.wallMillis(), writer.changes());
        }
    }

    private void makeRoom() {
        long share = host.windowShare();
        if (state == State.RUNNING && (window.isFull(share) || window.lag() > WindowRelief.MOST_LAG)) {
            relief.move(share, this::makeRoom);
        }
    }

    // ---- changes ----

    /** A change is stored; the calls that it reserved may run. */
    void stored(List<Runnable> waiting) {
        boolean wanted = wantsEntries();
        reservation.stored(order);
        waiting.forEach(Runnable::run);
        if (writer.hasLeft()) {
            end();
            ownership.release();
            return;
        }
        reserveMore();
        writer.flushRest();
        leaveIfIdle();
        if (!wanted && wantsEntries()) {
            host.readable();
        }
        host.runnable();
    }

    /**
     * Compares the lane's epoch, its change number and the last id of the stream with those in Redis: after a lost
     * connection it may be another server.
     */
    public void check() {
        if (state == State.RUNNING) {
            writer.compare();
            writer.changes().touch();
            writer.flushNow();
        }
    }

    // ---- the end ----

    /** Another JVM wants the lane: hands it over when that is likely to be short. */
    public void handOver() {
        if (state == State.LOADING) {
            end();
            ownership.release();
        } else if (state == State.RUNNING && handOver == null) {
            handOver = new HandOver(System.nanoTime());
            proceed(handOver);
        }
    }

    public boolean isHandingOver() {
        return handOver != null;
    }

    /** Takes one step of a hand-over, and comes back for the next. */
    private void proceed(HandOver move) {
        long now = System.nanoTime();
        if (handOver != move || !isOwner() || writer.isLeaving()) {
            return;
        }
        if (state == State.LEAVING) {
            move.takenBack(now);
            goOn();
        } else if (move.mayStop(now, Math.min(now, oldestBody()))) {
            state = State.LEAVING;
            leaveIfIdle();
            host.later(TimeUnit.NANOSECONDS.toMillis(move.patience(now)), () -> proceed(move));
            return;
        }
        host.later(HAND_OVER_STEP_MS, () -> proceed(move));
    }

    /** No other JVM wants the lane any more. */
    public void keep() {
        if (handOver == null || writer.isLeaving()) {
            return;
        }
        handOver = null;
        if (state == State.LEAVING) {
            goOn();
        }
    }

    private void goOn() {
        state = State.RUNNING;
        reserveMore();
        makeRoom();
        host.readable();
        host.runnable();
    }

    /** When the oldest body that runs began; the largest value if none runs. */
    public long oldestBody() {
        return bodies.isEmpty() ? Long.MAX_VALUE : bodies.iterator().next().began;
    }

    /** This JVM ends: starts no more calls, and releases the lane once none runs. */
    public void leaveForGood() {
        handOver = null;
        if (state == State.RUNNING) {
            state = State.LEAVING;
        }
        if (state == State.LOADING) {
            end();
            ownership.release();
        }
        leaveIfIdle();
    }

    private void leaveIfIdle() {
        if (state == State.LEAVING && busy == 0) {
            writer.leave();
        }
    }

    /** Releases the lane at the time limit, although calls still run; their progress is not stored. */
    public void abandon() {
        if (state != State.ENDED) {
            end();
            ownership.release();
        }
    }

    /** Ends the lane, because another JVM may own it by now. */
    public void lost(String why) {
        if (state != State.ENDED) {
            log.info("This JVM no longer owns lane {} of queue {}: {}", index, host.queue(), why);
            end();
            ownership.release();
        }
    }

    private void end() {
        state = State.ENDED;
        writer.end();
        host.ended(index);
    }
}
