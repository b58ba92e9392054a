package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.tx.TxHome;
import java.sql.Connection;
import java.sql.SQLException;

/** The record of one run of one stored call. */
public final class InboxEntry extends InboxRecord {

    private final CallId call;

    /** What an earlier run has recorded; null if none has. */
    private InboxTables.Found earlier;

    /** The outcome of this run's body, before its transaction commits. */
    private CallOutcome answer;

    private CallOutcome outcome;

    InboxEntry(Inbox inbox, CallId call, LaneInbox lane) {
        super(inbox, lane);
        this.call = call;
    }

    @Override
    public CallOutcome outcome(CallId of) {
        return outcome;
    }

    /** The outcome of the call. */
    public CallOutcome outcome() {
        return outcome;
    }

    /**
     * The body has ended so; to be recorded if its transaction commits. Null if it returned, and nobody wants a result.
     */
    public void answered(CallOutcome with) {
        answer = with;
    }

    // ---- in the transaction

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
        outcome = answer;
        recorded(end);
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
