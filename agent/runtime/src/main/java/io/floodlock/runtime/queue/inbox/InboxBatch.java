package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The record of one run of several stored calls of a lane: all of them are recorded, or none. If one has run before, or
 * what an earlier run has left is not known, they have to run one by one.
 */
public final class InboxBatch extends InboxRecord {

    private final List<CallId> calls;

    /** The outcomes of the calls whose callers want one. */
    private Map<CallId, CallOutcome> answers = Map.of();

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
        answers = new LinkedHashMap<>(with);
    }

    @Override
    public boolean begin(Connection connection, String gid) throws SQLException {
        try {
            boolean all = place.tables().insertAll(connection, calls, lane, gid) == calls.size();
            state = all ? State.UNKNOWN : State.REPEATED;
            return all;
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    @Override
    public void end(Connection connection) throws SQLException {
        if (!answers.isEmpty()) {
            List<byte[]> outcomes = new ArrayList<>(answers.size());
            answers.values().forEach(each -> outcomes.add(each.toBytes()));
            place.tables().answerAll(connection, List.copyOf(answers.keySet()), outcomes);
        }
    }

    @Override
    public void ended(End end) {
        if (state == State.UNKNOWN) {
            recorded(end);
        }
    }
}
