package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.DeadLetter;
import io.floodlock.runtime.queue.record.ParkedRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
 * <p>The queue's consumer creates a lane and calls it; {@link LaneCall} reports the outcome of each call. Guarded by
 * the consumer's lock; callbacks for replies of the store acquire that lock themselves. Read the comment below first,
 * then {@link KeyScheduler} and {@link CrashIsolation}.
 */
public final class Lane implements LaneFeed.Reader, LaneWriter.Owner {

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
     * Places and outcomes of calls: see LaneCalls. Positions: see LaneWindow. Changes: see LaneWriter. Identity of
     * entries: see ProducerPositions. Full windows: see WindowRelief. Hand-over: see HandOver.
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

    private final int index;
    private final int stream;
    private final Ownership ownership;
    private final LaneHost host;
    private final LaneLog store;

    // volatile: some readers do not hold the lock, where a stale value does no harm
    private volatile State state = State.LOADING;
    private final LaneWriter writer;
    private final LaneCalls calls;

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
        this.calls = new LaneCalls(index, host, writer, this::isRunning, () -> new LaneCall(this));
    }

    @Override
    public int number() {
        return index;
    }

    /** The number of its stream. */
    public int stream() {
        return stream;
    }

    public long epoch() {
        return ownership.epoch();
    }

    /** The calls that it has now; null unless it runs. */
    public LaneCut cut() {
        ReadCalls read = locked(() -> isRunning() ? calls.cut() : null);
        return read == null
                ? null
                : new LaneCut() {
                    @Override
                    public boolean hasEnded() {
                        return locked(() -> calls.haveEnded(read));
                    }

                    @Override
                    public CompletableFuture<Void> stored() {
                        return locked(() -> allStored());
                    }
                };
    }

    /** A database knows a greater epoch, as Redis has lost the count: later epochs are above that. */
    public void outgrown(long epoch) {
        ownership.outgrown(epoch);
    }

    /** Runs the action under the lock. */
    <T> T locked(Supplier<T> action) {
        return host.locked(action);
    }

    LaneLog store() {
        return store;
    }

    private boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Whether this JVM has taken the lane over and not left or lost it. */
    @Override
    public boolean isOwner() {
        return state == State.RUNNING || state == State.LEAVING;
    }

    public int busy() {
        return busy;
    }

    // ---- takeover and reading ----

    /**
     * @param self the session of this JVM. If it is also the previous owner, that owner did not die, and no call is a
     *     suspect
     */
    public void load(LaneSnapshot found, UUID self) {
        if (state != State.LOADING) {
            return;
        }
        boolean died =
                !found.previousOwner().isEmpty() && !found.previousOwner().equals(self.toString());
        calls.load(found, died);
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
        calls.forgetOldProducers();
        writer.changes().touch();
        writer.flushNow();
    }

    public Position cursor() {
        return calls.cursor();
    }

    public boolean wantsEntries() {
        return isRunning() && calls.mayRead();
    }

    /**
     * Takes the next entries of the stream; those up to the cursor are skipped.
     *
     * @param buries whether this lane takes entries that can't be read
     */
    public void entries(List<LaneFeed.Entry> read, boolean buries) {
        if (isRunning()) {
            calls.read(read, buries);
        }
    }

    /** Entries were read for other lanes of the stream, and not for this one. */
    public void missed(List<LaneFeed.Entry> read) {
        calls.missed(read);
    }

    /** Stores low if it has moved, so that the stream can be trimmed although the lane has no calls in it. */
    public void storePosition() {
        calls.storePosition();
    }

    // ---- running ----

    /** The number of lines whose first call may start, unless a suspect must wait. */
    public int ready() {
        return isRunning() ? calls.ready() : 0;
    }

    /**
     * The next call that may run, or null. It counts as running from now on; the caller must call {@link #stopped}
     * afterwards.
     */
    public LaneCall next() {
        if (!isRunning() || !ownership.held()) {
            return null;
        }
        LaneCall suspect = calls.peekSuspect();
        if (suspect != null) {
            CrashIsolation.Pass pass =
                    host.isolation().enter(suspect.isolation(), this::runs, admitted -> demote(suspect, admitted));
            if (pass != null) {
                return started(calls.startSuspect(), pass);
            }
        }
        if (calls.hasReady()) {
            CrashIsolation.Pass pass = host.isolation().enter(Attempts.Run.NONE, this::runs, admitted -> {});
            return pass == null ? null : started(calls.start(), pass);
        }
        return null;
    }

    /**
     * Takes further calls that run together with the one that {@link #next} has returned. They count as running, and
     * share its admission.
     *
     * @param most how many calls the run may have
     * @return all calls of the run, in the order in which they must be done
     */
    public List<LaneCall> with(LaneCall first, int most) {
        List<LaneCall> run = new ArrayList<>();
        run.add(first);
        if (most > 1 && first.content != null && !first.suspect && first.attempts.failures() == 0) {
            calls.takeMore(first, most, call -> run.add(started(call, first.pass)));
        }
        return run;
    }

    private LaneCall started(LaneCall call, CrashIsolation.Pass pass) {
        busy++;
        call.began = System.nanoTime();
        bodies.add(call);
        call.pass = pass;
        calls.started();
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
        release(call);
        stopped();
    }

    /** As {@link #putBack}, for a call of a run of several; its run must still be {@link #stopped}. */
    void release(LaneCall call) {
        bodies.remove(call);
        if (state != State.ENDED && call.taken) {
            calls.putBack(call);
        }
    }

    private boolean runs() {
        return isRunning() && ownership.held();
    }

    /**
     * Sets the id and content of a parked call, which were read from Redis.
     *
     * @return whether it may run as it was admitted; false if its attempts say that it must run alone
     */
    boolean fetched(LaneCall call, ParkedRecord record) {
        call.id = record.id();
        call.content = record.content();
        calls.recall(call);
        return !call.suspect || call.isolation() != Attempts.Run.ALONE || call.pass.how == Attempts.Run.ALONE;
    }

    /** Stores how a call is about to run. Completes when this is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> announce(LaneCall call, Attempts.Run how) {
        calls.keep(call, call.attempts.running(how));
        return allStored();
    }

    /** Completes when all progress so far is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> allStored() {
        if (state == State.ENDED) {
            return CompletableFuture.failedFuture(LaneWriter.notOwned());
        }
        return writer.allStored();
    }

    /** The body has ended, or is known never to run: the next call of its key may run. No effect the second time. */
    void passed(LaneCall call) {
        bodies.remove(call);
        if (state != State.ENDED && call.taken) {
            calls.passed(call);
        }
    }

    void finished(LaneCall call) {
        if (state != State.ENDED) {
            calls.finished(call);
        }
    }

    void buried(LaneCall call, DeadLetter letter) {
        if (state != State.ENDED) {
            calls.buried(call, letter);
        }
    }

    /** @return the number of the parking; -1 if the lane has ended */
    int failed(LaneCall call, Attempts attempts) {
        bodies.remove(call);
        return state == State.ENDED ? -1 : calls.failed(call, attempts);
    }

    /** @return the number of the parking; -1 if the lane has ended */
    int unhandled(LaneCall call) {
        bodies.remove(call);
        return state == State.ENDED ? -1 : calls.unhandled(call);
    }

    /** @return the number of the parking; -1 if the lane has ended */
    int delayed(LaneCall call) {
        bodies.remove(call);
        return state == State.ENDED ? -1 : calls.delayed(call);
    }

    /** A run is over, with any outcome, and its result is handled. */
    public void stopped() {
        busy--;
        leaveIfIdle();
    }

    boolean wake(KeyScheduler.Line line, int parking) {
        return isOwner() && calls.wake(line, parking);
    }

    public void wakeUnhandled() {
        if (isOwner()) {
            calls.wakeUnhandled();
        }
    }

    /** Names of methods for which parked lines wait. */
    public Set<String> missing() {
        return calls.missing();
    }

    // ---- changes ----

    @Override
    public LaneStep step(long number, boolean leaving, boolean compares, LaneChange change) {
        return calls.step(ownership.epoch(), number, leaving, compares, change);
    }

    /** A change is stored; the calls that it reserved may run. */
    @Override
    public void stored(LaneChange change) {
        boolean wanted = wantsEntries();
        calls.bitsStored(change.markedEntries());
        calls.reserved();
        List.copyOf(change.whenStored()).forEach(Runnable::run);
        if (writer.hasLeft()) {
            end();
            ownership.release();
            return;
        }
        calls.reserveMore();
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
        if (isRunning()) {
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
        calls.reserveMore();
        calls.makeRoom();
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
    @Override
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
