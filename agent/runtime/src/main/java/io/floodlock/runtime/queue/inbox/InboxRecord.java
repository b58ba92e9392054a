package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxHome;
import java.sql.SQLException;

/**
 * The record of one run of stored calls in their {@link Inbox}. The transaction around the body calls it as its home
 * work, and {@code CallOutcomes} reads from it what has become of the calls. Belongs to the thread of the body, and
 * after its end to the one that settles the run.
 */
public abstract sealed class InboxRecord implements HomeWork permits InboxEntry, InboxBatch {

    /** What is known of the calls. */
    public enum State {
        /** None is recorded, and no transaction that could record one is open: the run is as good as none. */
        NOT_RECORDED,
        /** A transaction has recorded them and is open, or has ended without an answer. */
        UNKNOWN,
        /** They have run: by this run or an earlier one. See {@link #outcome}. */
        RECORDED,
        /** Some of them have run before, so that they can't run together. */
        REPEATED,
        /** They can't be run or their end not be known now; see {@link #why}. */
        WAITS,
        /** This JVM can't run them; see {@link #why}. */
        UNABLE,
        /** Another JVM owns the lane. */
        LOST
    }

    final Inbox inbox;
    final LaneInbox lane;

    InboxPlace place;
    State state = State.NOT_RECORDED;
    String why;
    private long greaterEpoch;

    InboxRecord(Inbox inbox, LaneInbox lane) {
        this.inbox = inbox;
        this.lane = lane;
    }

    public State state() {
        return state;
    }

    /** The reason for WAITS and UNABLE. */
    public String why() {
        return why;
    }

    /** The outcome of a recorded call; null if it returned and nobody wanted a result. */
    public abstract CallOutcome outcome(CallId call);

    /** The greater epoch that the database knows for a lost lane; 0 if it is not known. */
    public long greaterEpoch() {
        return greaterEpoch;
    }

    @Override
    public TxHome home(boolean last) {
        try {
            place = inbox.place(last);
        } catch (FloodlockFailure e) {
            state = e.kind() == Failure.ILLEGAL_TRANSACTION ? State.UNABLE : State.WAITS;
            why = e.getMessage();
            throw e;
        }
        if (place == null) {
            return null;
        }
        takeOver();
        return place.home();
    }

    private void takeOver() {
        try {
            greaterEpoch = lane.raise(place);
        } catch (SQLException e) {
            failed(e);
            throw Failure.UNAVAILABLE.because(why, e);
        } catch (FloodlockFailure e) {
            state = State.WAITS;
            why = e.getMessage();
            throw e;
        }
        if (greaterEpoch > 0) {
            throw lost();
        }
    }

    void failed(SQLException e) {
        if (InboxTables.isTableGone(e)) {
            inbox.forget(place);
        }
        state = State.WAITS;
        why = "it can't be recorded in " + place.home().name() + ": " + e.getMessage();
    }

    FloodlockFailure lost() {
        state = State.LOST;
        return Failure.LOCK_LOST.because(
                "a stored call does not run here: another JVM owns its lane " + lane.name() + " by now");
    }

    /** The end of the transaction that has recorded the calls first. */
    void recorded(End end) {
        switch (end) {
            case COMMITTED -> state = State.RECORDED;
            case IN_DOUBT -> {
                state = State.WAITS;
                why = "it has run, but a branch of its transaction is not committed yet";
            }
            case ROLLED_BACK -> state = State.NOT_RECORDED;
            case UNKNOWN -> why = "whether its transaction has committed is not known yet";
        }
    }
}
