package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.SessionRead;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.sql.SettingNames;
import io.floodlock.runtime.jdbc.sql.Sql.Session;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.KnownSessions;
import io.floodlock.runtime.tx.dialect.SessionState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The known state of a branch's session, which all handles of the branch share. It guarantees that no handle finds the
 * session different from what its own source would have handed out, or from what the handle itself has made of it.
 * {@link BranchWork} calls it before and after changes, {@link BranchHandles} before another handle joins. Belongs to
 * the branch's thread.
 *
 * <pre>
 * AS_HANDED_OUT  nothing has changed it since its source handed it out         another handle may share it unasked
 * MAY_DIFFER     something ran that may have changed it                        it is read before another shares it
 * DIFFERS        something changed it: SET, setSchema, the driver's own calls  it is set back, or not shared unasked
 * </pre>
 *
 * <ul>
 *   <li>Only a handle that is alone on its branch may change the session; while others are open, a change is refused.
 *       Where only the server can say whether a call changed it (a function, a procedure), the server is asked after
 *       the call, and the transaction is doomed if the session has changed.
 *   <li>The state to set back to is read before the first change. So a session that was changed before the transaction
 *       has no such state, and is never shared unasked.
 *   <li>Setting it back is delayed until another handle needs the branch. If none does, the pool gets the session as
 *       the application left it, as it would without a transaction.
 *   <li>A handle with a connection of its own joins if the present state of its own session equals the branch's.
 * </ul>
 */
final class BranchSession {

    private enum Drift {
        AS_HANDED_OUT,
        MAY_DIFFER,
        DIFFERS
    }

    private final KnownSessions known;
    private final Database database;
    private final Connection physical;

    /** Whether the state that earlier transactions have read of the session may be used. */
    private final boolean remembered;

    private Drift drift;

    /** The state as handed out, and the names by which it was read; null as long as it was not needed. */
    private String start;

    private Set<String> names;

    /** The state before a call that must not change it, and the names by which it was read. */
    private String expected;

    private Set<String> expectedBy;

    BranchSession(KnownSessions known, Database database, TrackedConnection first) {
        this.known = known;
        this.database = database;
        this.physical = first.raw();
        this.remembered = Origin.handsOutUnchanged(first.source());
        this.drift = first.touched() ? Drift.DIFFERS : Drift.AS_HANDED_OUT;
        SessionRead handedOut = first.handedOutSession();
        if (handedOut != null) {
            start = handedOut.state();
            names = handedOut.names();
        }
    }

    /** Called before something that changes the session or may change it. */
    void beforeChange(Session effect) throws SQLException {
        if (drift == Drift.AS_HANDED_OUT) {
            start();
        }
        Drift after = effect == Session.CHANGES ? Drift.DIFFERS : Drift.MAY_DIFFER;
        drift = after.compareTo(drift) > 0 ? after : drift;
        known.forget(physical);
    }

    /** Called before a call that may change the session, by a handle that is not alone. */
    void expectUnchanged() throws SQLException {
        expectedBy = names();
        expected = now(expectedBy);
    }

    /**
     * Called after that call.
     *
     * @return the names of what it has changed, or null
     */
    String changedUnexpectedly() throws SQLException {
        String now = read(expectedBy);
        if (now.equals(expected)) {
            return null;
        }
        drift = Drift.DIFFERS;
        known.forget(physical);
        return SessionState.difference(expected, now);
    }

    /** The present state, by the given names; asks the server only if necessary. */
    String now(Set<String> by) throws SQLException {
        if (drift == Drift.AS_HANDED_OUT) {
            boolean sure = remembered && !SessionState.changesUnseen(by);
            String state = by.equals(names) ? start : sure ? known.known(physical, by) : null;
            if (state == null) {
                state = read(by);
                if (sure) {
                    known.know(physical, by, state);
                }
            }
            names = by;
            start = state;
            return state;
        }
        return read(by);
    }

    /** Whether it can be decided that the session is as its source hands it out. */
    boolean isStartKnown() {
        return start != null || drift == Drift.AS_HANDED_OUT;
    }

    boolean asHandedOut() {
        return drift == Drift.AS_HANDED_OUT;
    }

    /**
     * Whether the session is as it was handed out, or can be set back to that.
     *
     * @param alone whether no handle is open that may rely on its present state
     */
    boolean isOrCanBeAsHandedOut(boolean alone) throws SQLException {
        if (drift == Drift.AS_HANDED_OUT) {
            // known from before its first statement, unless triggers that change it were seen since
            return start != null || !SessionState.changesUnseen(names());
        }
        if (start == null || !names().equals(names) || SettingNames.hasUnnamed(names)) {
            // there is no value to set back to: for the whole session, or for a setting that no statement had named by
            // then
            return false;
        }
        String now = read(names);
        if (!now.equals(start) && alone) {
            database.dialect().sessions().restore(physical, now, start);
            now = read(names);
        }
        if (now.equals(start)) {
            drift = Drift.AS_HANDED_OUT;
        }
        return drift == Drift.AS_HANDED_OUT;
    }

    private void start() throws SQLException {
        Set<String> by = names();
        if (start == null || !by.equals(names)) {
            now(by);
        }
    }

    private Set<String> names() throws SQLException {
        return database.settingNames(SettingNames.seen());
    }

    private String read(Set<String> by) throws SQLException {
        return database.dialect().sessions().read(physical, by);
    }
}
