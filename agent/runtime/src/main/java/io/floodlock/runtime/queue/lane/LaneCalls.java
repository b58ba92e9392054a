package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.DeadLetter;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The unfinished calls of one lane: where each of them is, in which order they may run, and which of them Redis knows
 * as reserved. Each {@link Lane} has one. Guarded by its consumer's lock.
 */
final class LaneCalls {

    /** How much of the stream is read before low is stored, if no call does it. */
    private static final long UNSTORED_BYTES = 1 << 20;

    private final int lane;
    private final LaneHost host;
    private final LaneWriter writer;
    private final BooleanSupplier running;
    private final Supplier<LaneCall> makeCall;
    private final KeyScheduler order = new KeyScheduler();
    private final LaneWindow window = new LaneWindow();
    private final ProducerPositions producers = new ProducerPositions();
    private final Reservation reservation = new Reservation();
    private final WindowRelief relief;

    private Map<String, Attempts> loadedAttempts = Map.of();
    /** The numbers of the parked calls. */
    private final TreeSet<Long> parked = new TreeSet<>();

    /** The last entry of the stream at the takeover. */
    private Position inherited = Position.ZERO;

    /** The calls that have left the lane since the last change was sent. */
    private long finished;

    /** The bytes of the stream that were read since the last change was sent. */
    private long unstoredBytes;

    /** @param running whether calls may start */
    LaneCalls(int lane, LaneHost host, LaneWriter writer, BooleanSupplier running, Supplier<LaneCall> makeCall) {
        this.lane = lane;
        this.host = host;
        this.writer = writer;
        this.running = running;
        this.makeCall = makeCall;
        this.relief = new WindowRelief(order, window, writer, reservation, this::moved);
    }

    // ---- takeover ----

    /** @param died whether the previous owner died: its reserved calls are suspects */
    void load(LaneSnapshot found, boolean died) {
        window.load(found);
        inherited = found.last();
        producers.load(found.identities());
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
                    LaneCall call = makeCall.get();
                    call.park(field);
                    call.suspect = reservation.isSuspectParked(field.number());
                    relief.loaded(field);
                    parked.add(field.number());
                    order.add(call, field.key());
                });
    }

    void forgetOldProducers() {
        producers.forgetOld(host.wallMillis(), writer.changes());
    }

    // ---- reading ----

    Position cursor() {
        return window.cursor();
    }

    boolean mayRead() {
        return !window.isFull(host.windowShare());
    }

    void read(List<LaneFeed.Entry> entries, boolean buries) {
        for (LaneFeed.Entry next : entries) {
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

    void missed(List<LaneFeed.Entry> entries) {
        entries.forEach(entry -> window.missed(entry.id(), entry.raw().length));
        makeRoom();
    }

    void storePosition() {
        if (running.getAsBoolean() && writer.isIdle() && writer.isBehind(window.low())) {
            writer.changes().touch();
            writer.flushNow();
        }
    }

    private void take(LaneFeed.Entry read) {
        EntryRecord packed = read.packed();
        EntryRecord.Section section = packed.section(lane);
        if (section == null) {
            return;
        }
        int repeated = producers.repeated(packed, section);
        BitSet leftOut = packed.leftOut(section);
        if (repeated == section.calls().size()) {
            window.add(EntryProgress.skipped(read.id(), repeated - leftOut.cardinality()));
            return;
        }
        producers.read(packed, section, host.wallMillis());
        EntryProgress entry = new EntryProgress(
                read.id(),
                packed.session(),
                packed.reached(section),
                section.calls().size(),
                repeated,
                leftOut,
                window.loadedDoneBits(read.id()));
        long ordinal = window.readOrdinal();
        window.add(entry);
        for (int i = 0; i < entry.count; i++) {
            if (entry.hasLeft(i)) {
                reservation.finished(ordinal + i);
            } else {
                CallId id = packed.id(section.first() + i);
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
        LaneCall call = makeCall.get();
        call.entry = entry;
        call.index = index;
        call.ordinal = ordinal;
        call.id = id;
        call.content = content;
        entry.hold(index, call);
        window.hold(content);
        reservation.read(call, !order.isLong(content.key()));
        recall(call);
        order.add(call, content.key());
        call.line.inStream++;
        call.line.bytesInStream += content.weight();
    }

    /** Applies the attempts of the call that an earlier owner has stored. */
    void recall(LaneCall call) {
        Attempts stored = loadedAttempts.remove(call.id.toString());
        if (stored != null) {
            call.attempts = stored;
            call.attemptsStored = true;
            call.suspect |= stored.run() != Attempts.Run.NONE;
        }
    }

    /** The calls that are read, that were there at the takeover, and that are parked. */
    ReadCalls cut() {
        Position read = window.cursor();
        return new ReadCalls(read.compareTo(inherited) > 0 ? read : inherited);
    }

    boolean haveEnded(ReadCalls cut) {
        long next = relief.nextParked();
        return cut.haveEnded(window.low(), next, parked.isEmpty() ? next : parked.first());
    }

    // ---- reservation ----

    void reserveMore() {
        if (!running.getAsBoolean()) {
            return;
        }
        if (order.isHungry() && order.ready() == 0) {
            reservation.starved();
            writer.changes().touch();
            writer.flushNow();
        } else if (reservation.runsLow(order, window.readOrdinal(), mayRead())) {
            writer.changes().touch();
            writer.flushSoon();
        }
    }

    // ---- order ----

    /** The number of lines whose first call may start, unless a suspect must wait. */
    int ready() {
        return order.ready() + order.suspects();
    }

    boolean hasReady() {
        return order.ready() > 0;
    }

    LaneCall peekSuspect() {
        return order.peekSuspect();
    }

    LaneCall startSuspect() {
        return order.startSuspect();
    }

    LaneCall start() {
        return order.next();
    }

    void takeMore(LaneCall first, int most, Consumer<LaneCall> taken) {
        order.takeMore(first, most, taken);
    }

    void started() {
        reservation.started();
        reserveMore();
    }

    void putBack(LaneCall call) {
        order.putBack(call);
    }

    /** The next call of its key may run. */
    void passed(LaneCall call) {
        order.done(call);
        reserveMore();
    }

    boolean wake(KeyScheduler.Line line, int parking) {
        if (!order.wake(line, parking)) {
            return false;
        }
        reserveMore();
        return true;
    }

    void wakeUnhandled() {
        order.wakeUnhandled();
        reserveMore();
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

    // ---- outcomes ----

    void finished(LaneCall call) {
        finished++;
        dropAttempts(call);
        leave(call);
        writer.flushSoon();
    }

    void buried(LaneCall call, DeadLetter letter) {
        finished++;
        writer.changes().dead(letter.toBytes());
        dropAttempts(call);
        leave(call);
        writer.flushNow();
    }

    /** @return the number of the parking */
    int failed(LaneCall call, Attempts attempts) {
        reservation.remove(call);
        call.suspect = false;
        keep(call, attempts);
        order.park(call, null);
        forgetContent(call);
        call.forgetReadAhead();
        writer.flushNow();
        makeRoom();
        return call.line.parkings;
    }

    /** @return the number of the parking */
    int unhandled(LaneCall call) {
        return parkUnchanged(call, call.content.name());
    }

    /** @return the number of the parking */
    int delayed(LaneCall call) {
        return parkUnchanged(call, null);
    }

    private int parkUnchanged(LaneCall call, String missing) {
        reservation.remove(call);
        order.park(call, missing);
        forgetContent(call);
        call.forgetReadAhead();
        makeRoom();
        return call.line.parkings;
    }

    /** A parked call waits without its content, which is read again before it runs. */
    private static void forgetContent(LaneCall call) {
        if (call.entry == null) {
            call.content = null;
        }
    }

    void keep(LaneCall call, Attempts attempts) {
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
            parked.remove(call.parkedNumber);
            writer.changes().parkedGone(call.parkedField);
        } else {
            leaveStream(call);
        }
    }

    private void moved(LaneCall call, ParkedField to) {
        parked.add(to.number());
        leaveStream(call);
    }

    private void leaveStream(LaneCall call) {
        EntryProgress entry = call.entry;
        boolean couldRead = mayRead();
        if (window.leave(call)) {
            call.line.inStream--;
            call.line.bytesInStream -= call.content.weight();
            writer.changes().marked(entry.id, entry.doneBits());
            advance();
        }
        if (running.getAsBoolean() && !couldRead && mayRead()) {
            host.readable();
        }
    }

    private void advance() {
        for (EntryProgress head = window.advance(); head != null; head = window.advance()) {
            writer.changes().entryGone(head.id, window.forgetDoneBits(head.id) | writer.isStoring(head.id));
            finished += head.repeated;
            producers.passedLow(head.session, head.reached, host.wallMillis(), writer.changes());
        }
    }

    void makeRoom() {
        long share = host.windowShare();
        if (running.getAsBoolean() && (window.isFull(share) || window.lag() > WindowRelief.MOST_LAG)) {
            relief.move(share, this::makeRoom);
        }
    }

    // ---- changes ----

    /** The state that the lane reaches by this change, which is about to be sent. */
    LaneStep step(long epoch, long number, boolean leaving, boolean compares, LaneChange change) {
        ReservedCalls reserved =
                leaving ? ReservedCalls.NONE : reservation.next(order, window.readOrdinal(), mayRead());
        long load = (long) window.open() + parked.size();
        LaneStep step = new LaneStep(
                epoch, number, window.low(), window.ordinal(), finished, load, reserved, leaving, compares, change);
        finished = 0;
        unstoredBytes = 0;
        return step;
    }

    /** Redis holds bits of these entries now. */
    void bitsStored(Collection<Position> entries) {
        window.doneBitsStored(entries);
    }

    /** What the last change reserved may run. */
    void reserved() {
        reservation.stored(order);
    }
}
