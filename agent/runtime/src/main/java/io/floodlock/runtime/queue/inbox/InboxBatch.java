package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The record of one run of several stored calls of a lane: all of them are recorded, or none. If one has run before, or
 * what an earlier run has left is not known, they have to run one by one.
 */
public final class InboxBatch extends InboxRecord {

    /*
     * The rows are inserted after the body, with the outcomes: this spares an UPDATE of each. It is as safe as the
     * INSERT before the body of a single call. The lane's epoch is read and locked before the body, so no earlier owner
     * has an open transaction. A run of this owner whose end is not known may have one; then the INSERT waits for it,
     * and finds its rows. In that case this run is rolled back, and its calls run one by one.
     */

    private final List<CallId> calls;

    /** The outcomes of the calls whose callers want one. */
    private Map<CallId, CallOutcome> answers = Map.of();

    private String transaction;

    InboxBatch(Inbox inbox, Collection<CallId> calls, LaneInbox lane) {
        super(inbox, lane);
        this.calls = List.copyOf(calls);
    }

    @Override
    public CallOutcome outcome(CallId of) {
        return answers.get(of);
    }

    /** The body has ended so; to be recorded if its transaction commits. */
    public void answered(Map<CallId, CallOutcome> with) {
        answers = new HashMap<>(with);
    }

    @Override
    public boolean begin(Connection connection, String gid) throws SQLException {
        try {
            if (!place.tables().isOwner(connection, lane)) {
                throw lost();
            }
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
        transaction = gid;
        return true;
    }

    @Override
    public void end(Connection connection) throws SQLException {
        List<byte[]> outcomes = calls.stream()
                .map(answers::get)
                .map(answer -> answer == null ? null : answer.toBytes())
                .toList();
        int inserted;
        try {
            inserted = place.tables().insertAll(connection, calls, outcomes, lane, transaction);
        } catch (SQLException e) {
            if (InboxTables.isTableGone(e)) {
                failed(e);
            }
            throw e;
        }
        if (inserted != calls.size()) {
            state = State.REPEATED;
            throw Failure.TRANSACTION_ROLLED_BACK.because(
                    "some of these " + calls.size() + " calls have run before, so this run is rolled back");
        }
        state = State.UNKNOWN;
    }

    @Override
    public void ended(End end) {
        if (state == State.UNKNOWN) {
            recorded(end);
        }
    }
}
