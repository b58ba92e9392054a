package io.floodlock.runtime.queue.lane;

import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.DeadLetter;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.ParkedRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One stored call in the memory of its lane's owner, with its place in the stream or among the parked calls, and with
 * its attempts. {@link Lane} creates it. Its fields are guarded by its consumer's lock; the public methods acquire the
 * lock themselves. While the call runs, its worker may read it without the lock.
 */
public final class LaneCall {

    /** Whether the call is in the set of calls that may run, which Redis knows; see {@link Reservation}. */
    enum Clearance {
        NONE,
        /** The change under way reserves it. */
        ASKED,
        CLEARED
    }

    /** A round trip for each call would bound what a key runs. Each record may have 1 MiB. */
    private static final int READ_AHEAD = 16;

    final Lane lane;

    /** The stream entry that contains the call; null once it is parked in Redis. */
    EntryProgress entry;

    int index;

    /** Its place in the lane while it is in the stream. */
    long ordinal;

    /** Its field in the hash of the lane's parked calls; null while it is in the stream. */
    String parkedField;

    /** The number in {@link #parkedField}. */
    long parkedNumber;

    /** Null for a parked call whose record has not been read yet; {@code content} likewise. */
    CallId id;

    CallRecord content;

    /** The record of a parked call that was read with that of an earlier one; null else. */
    private byte[] read;

    Attempts attempts = Attempts.NO;

    /** Whether Redis may hold a record of its attempts. The record has to go with the call, whatever it says. */
    boolean attemptsStored;

    Clearance clearance = Clearance.NONE;

    /** Whether it may have killed its JVM; then {@link CrashIsolation} limits what runs beside it. */
    boolean suspect;

    /** The admission of {@link CrashIsolation} for its present run. */
    CrashIsolation.Pass pass;

    /** When its present run began, by System.nanoTime. */
    long began;

    /** Whether it belongs to a run that is going on; all calls of its key before it are done or belong to it too. */
    boolean taken;

    /** The calls of its key; while it runs, it is one of the first. */
    KeyScheduler.Line line;

    LaneCall(Lane lane) {
        this.lane = lane;
    }

    void park(ParkedField field) {
        parkedField = field.toString();
        parkedNumber = field.number();
        entry = null;
    }

    public Lane lane() {
        return lane;
    }

    /** The epoch of the lane's ownership. */
    public long epoch() {
        return lane.epoch();
    }

    /** Null for a parked call that has not been fetched yet. */
    public CallId id() {
        return id;
    }

    /** Null for a parked call that has not been fetched yet. */
    public CallRecord content() {
        return content;
    }

    public Attempts attempts() {
        return attempts;
    }

    public boolean isSuspect() {
        return suspect;
    }

    /** The admission for its present run. */
    public CrashIsolation.Pass pass() {
        return pass;
    }

    /** Reads the record of a parked call, with those of the next calls of its key; null if there is none. */
    public CompletableFuture<byte[]> record() {
        List<LaneCall> wanted = lane.locked(this::unread);
        if (wanted.isEmpty()) {
            byte[] found = read;
            read = null;
            return CompletableFuture.completedFuture(found);
        }
        return lane.store()
                .parked(wanted.stream().map(call -> call.parkedField).toList())
                .thenApply(records -> lane.locked(() -> {
                    for (int i = 1; i < records.size(); i++) {
                        wanted.get(i).read = records.get(i);
                    }
                    return records.get(0);
                }));
    }

    /**
     * The calls whose records are read together, this one first; none if its own was read with an earlier one. It is
     * the first of its line.
     */
    private List<LaneCall> unread() {
        if (read != null) {
            return List.of();
        }
        List<LaneCall> wanted = new ArrayList<>(List.of(this));
        Iterator<LaneCall> behind = line.calls.iterator();
        behind.next();
        while (line.flows && wanted.size() < READ_AHEAD && behind.hasNext()) {
            LaneCall call = behind.next();
            if (call.parkedField == null || call.content != null) {
                break;
            }
            wanted.add(call);
        }
        return wanted;
    }

    /** Drops what was read ahead, as the line may wait for long. */
    void forgetReadAhead() {
        Iterator<LaneCall> behind = line.calls.iterator();
        behind.next();
        while (behind.hasNext()) {
            LaneCall call = behind.next();
            if (call.read == null) {
                return;
            }
            call.read = null;
        }
    }

    /**
     * Sets the id and content of a parked call, which were read.
     *
     * @return false if the call was put back, as it must run alone, which was not known before
     */
    public boolean fetched(ParkedRecord found) {
        return lane.locked(() -> {
            boolean admitted = lane.fetched(this, found);
            if (!admitted) {
                lane.putBack(this);
            }
            return admitted;
        });
    }

    /** Stores how the call is about to run. Completes when this is stored, exceptionally if the lane ends first. */
    public CompletableFuture<Void> announce() {
        return lane.locked(() -> lane.announce(this, pass.how));
    }

    /** Completes when all progress of the lane so far is stored, exceptionally if the lane ends first. */
    public CompletableFuture<Void> allStored() {
        return lane.locked(lane::allStored);
    }

    /** The body has ended, or is known never to run: the next call of its key may run. */
    public void passed() {
        lane.locked(() -> {
            lane.passed(this);
            return null;
        });
    }

    /** The call is finished: its result is stored and no work is left. */
    public void finished() {
        lane.locked(() -> {
            lane.finished(this);
            return null;
        });
    }

    /** The body has ended, and no result is wanted: as {@link #passed} and {@link #finished}. */
    public void passedAndFinished() {
        lane.locked(() -> {
            lane.passed(this);
            lane.finished(this);
            return null;
        });
    }

    /** The call is finished by its dead letter. */
    public void buried(DeadLetter letter) {
        lane.locked(() -> {
            lane.buried(this, letter);
            return null;
        });
    }

    /**
     * The body failed and will run again after a pause; until then its key waits.
     *
     * @return the number of the parking, for {@link #wake}; -1 if the lane has ended
     */
    public int failed(Attempts now) {
        return lane.locked(() -> lane.failed(this, now));
    }

    /**
     * This JVM can't run the call; its key waits for the method.
     *
     * @return the number of the parking, for {@link #wake}; -1 if the lane has ended
     */
    public int unhandled() {
        return lane.locked(() -> lane.unhandled(this));
    }

    /**
     * The call is not due yet.
     *
     * @return the number of the parking, for {@link #wake}; -1 if the lane has ended
     */
    public int delayed() {
        return lane.locked(() -> lane.delayed(this));
    }

    /** Ends a parking, unless it has ended; returns whether it did. */
    public boolean wake(int parking) {
        return lane.locked(() -> lane.wake(line, parking));
    }

    /** The lane has ended, or ends now: its next owner runs the call. */
    public void abandon(String why) {
        lane.locked(() -> {
            lane.lost(why);
            return null;
        });
    }

    /** Whether it may run together with a call of its method. One that has failed before runs alone. */
    boolean mayJoin(LaneCall first) {
        return clearance == Clearance.CLEARED
                && !suspect
                && content != null
                && attempts.failures() == 0
                && content.name().equals(first.content.name());
    }

    /**
     * Whether it belongs to the run that took it: false once a call of its key before it has to run again, or the lane
     * is lost.
     */
    public boolean isTaken() {
        return lane.locked(() -> taken && lane.isOwner());
    }

    /** The run that took it did not come to it: it is ready again, before all others. */
    public void release() {
        lane.locked(() -> {
            lane.release(this);
            return null;
        });
    }

    Attempts.Run isolation() {
        if (!suspect) {
            return Attempts.Run.NONE;
        }
        return attempts.run() == Attempts.Run.NONE ? Attempts.Run.BESIDE : Attempts.Run.ALONE;
    }
}
