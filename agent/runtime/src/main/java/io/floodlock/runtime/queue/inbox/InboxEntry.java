package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxHome;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The record of one run of a stored call in its {@link Inbox}. The transaction around the body calls it as its home
 * work, and {@code CallRun} reads from it what has become of the call. Belongs to the thread of the body, and after its
 * end to the one that settles the run.
 */
public final class InboxEntry implements HomeWork {

    /** What is known of the call. */
    public enum State {
        /** It is not recorded, and no transaction that could record it is open: the run is as good as none. */
        NOT_RECORDED,
        /** A transaction has recorded it and is open, or has ended without an answer. */
        UNKNOWN,
        /** It has run: by this run or an earlier one. See {@link #outcome}. */
        RECORDED,
        /** It can't be run or its end not be known now; see {@link #why}. */
        WAITS,
        /** This JVM can't run it; see {@link #why}. */
        UNABLE,
        /** Another JVM owns the lane. */
        LOST
    }

    private final Inbox inbox;
    private final CallId call;
    private final LaneInbox lane;

    private InboxPlace place;
    private State state = State.NOT_RECORDED;
    private String why;
    private long greaterEpoch;

    /** What an earlier run has recorded; null if none has. */
    private InboxTables.Found earlier;

    /** The outcome of this run's body, before its transaction commits. */
    private CallOutcome answer;

    private CallOutcome outcome;

    InboxEntry(Inbox inbox, CallId call, LaneInbox lane) {
        this.inbox = inbox;
        this.call = call;
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
    public CallOutcome outcome() {
        return outcome;
    }

    /** The greater epoch that the database knows for a lost lane; 0 if it is not known. */
    public long greaterEpoch() {
        return greaterEpoch;
    }

    /**
     * The body has ended so; to be recorded if its transaction commits. Null if it returned, and nobody wants a result.
     */
    public void answered(CallOutcome with) {
        answer = with;
    }

    // ---- in the transaction

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

    @Override
    public boolean begin(Connection connection, String gid) throws SQLException {
        earlier = null;
        try {
            if (place.tables().insert(connection, call, lane, gid)) {
                state = State.UNKNOWN;
                return true;
            }
            earlier = place.tables().find(connection, call);
            if (earlier == null) {
                throw lost();
            }
            TxHome.Unsettled unsettled = place.home().unsettled(earlier.gid());
            if (unsettled != null && unsettled.unknownDatabase()) {
                state = State.UNKNOWN;
                return true;
            }
            settle(unsettled);
            return false;
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(SQLException e) {
        if (InboxTables.isTableGone(e)) {
            inbox.forget(place);
        }
        state = State.WAITS;
        why = "it can't be recorded in " + place.home().name() + ": " + e.getMessage();
    }

    /**
     * The call has run before.
     *
     * @throws FloodlockFailure if a branch of that run is not committed yet
     */
    private void settle(TxHome.Unsettled unsettled) {
        if (unsettled != null) {
            state = State.WAITS;
            why = "it has run in transaction " + earlier.gid() + ", which is not over: " + unsettled.why();
            throw Failure.UNAVAILABLE.because("call " + call + ": " + why);
        }
        outcome = earlier.outcome() == null ? null : CallOutcome.fromBytes(earlier.outcome());
        state = State.RECORDED;
    }

    private FloodlockFailure lost() {
        state = State.LOST;
        return Failure.LOCK_LOST.because(
                "call " + call + " does not run here: another JVM owns its lane " + lane.name() + " by now");
    }

    @Override
    public void end(Connection connection) throws SQLException {
        if (earlier != null) {
            settle(place.home().unsettled(earlier.gid()));
            throw Failure.TRANSACTION_ROLLED_BACK.because(
                    "call " + call + " has run before, so this run is rolled back");
        }
        if (answer != null) {
            place.tables().answer(connection, call, answer.toBytes());
        }
    }

    @Override
    public void ended(End end) {
        if (state != State.UNKNOWN) {
            return;
        }
        if (earlier != null) {
            repeated();
            return;
        }
        switch (end) {
            case COMMITTED -> {
                outcome = answer;
                state = State.RECORDED;
            }
            case IN_DOUBT -> {
                state = State.WAITS;
                why = "it has run, but a branch of its transaction is not committed yet";
            }
            case ROLLED_BACK -> state = State.NOT_RECORDED;
            case UNKNOWN -> why = "whether its transaction has committed is not known yet";
        }
    }

    /** The call has run before; whether its branches are committed may be known by now. */
    private void repeated() {
        try {
            settle(place.home().unsettled(earlier.gid()));
        } catch (FloodlockFailure e) {
            // the state tells
        }
    }

    // ---- without a body

    private void looked() {
        if (earlier == null) {
            state = State.NOT_RECORDED;
        } else {
            repeated();
        }
    }

    /**
     * Finds out whether the call has run, without running it. Waits for a transaction that may have recorded it.
     * Afterwards {@link #state} tells.
     */
    public void look() {
        try {
            home(true);
            try (Connection own = place.home().open()) {
                own.setAutoCommit(false);
                try {
                    if (begin(own, "")) {
                        looked();
                    }
                } finally {
                    own.rollback();
                }
            }
        } catch (SQLException e) {
            failed(e);
        } catch (FloodlockFailure e) {
            // the state tells
        }
    }
}
