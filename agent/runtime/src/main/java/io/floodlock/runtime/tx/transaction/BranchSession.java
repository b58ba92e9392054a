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
 * What is known of the session of a branch, which all handles of the branch share. No handle may find the session other
 * than its own source would have handed it out, or than it has made it itself.
 *
 * <pre>
 * AS_HANDED_OUT  nothing has changed it since its source handed it out         another handle may share it unasked
 * MAY_DIFFER     something ran that may have changed it                        it is read before another shares it
 * DIFFERS        something changed it: SET, setSchema, the driver's own calls  it is set back, or not shared unasked
 * </pre>
 *
 * <ul>
 *   <li>Only a handle that is alone on its branch may change it; with others open that is refused. Where only the
 *       server can say whether a call changed it (a function, a procedure), it is asked after the call, and the
 *       transaction is doomed if so.
 *   <li>What is to be set back is read before the first change. So a session that was changed before the transaction
 *       has nothing to be set back to, and is never shared unasked.
 *   <li>Setting it back is put off until another handle wants the branch. Without one the pool gets the session as the
 *       application left it, as it would without a transaction.
 *   <li>A handle with a connection of its own joins if that session, as it is now, equals the branch's as it is now.
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

    /** Whether what is known of it from former transactions holds. */
    private final boolean remembered;

    private Drift drift;

    /** As handed out, with the names it was read by; null as long as it was not needed. */
    private String start;

    private Set<String> names;

    /** Before a call that must not change it. */
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

    /** Before something that changes it, or may. */
    void beforeChange(Session effect) throws SQLException {
        if (drift == Drift.AS_HANDED_OUT) {
            start();
        }
        Drift after = effect == Session.CHANGES ? Drift.DIFFERS : Drift.MAY_DIFFER;
        drift = after.compareTo(drift) > 0 ? after : drift;
        known.forget(physical);
    }

    /** Before a call that may change it by a handle that is not alone. */
    void expectUnchanged() throws SQLException {
        expectedBy = names();
        expected = now(expectedBy);
    }

    /** After that call. @return what it has changed, or null */
    String changedUnexpectedly() throws SQLException {
        String now = read(expectedBy);
        if (now.equals(expected)) {
            return null;
        }
        drift = Drift.DIFFERS;
        known.forget(physical);
        return SessionState.difference(expected, now);
    }

    /** As it is now, by the names given; asks the server only if it has to. */
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

    /** Whether it can be decided if it is as its source hands it out. */
    boolean isStartKnown() {
        return start != null || drift == Drift.AS_HANDED_OUT;
    }

    boolean asHandedOut() {
        return drift == Drift.AS_HANDED_OUT;
    }

    /**
     * Whether it is as it was handed out, or can be made so.
     *
     * @param alone no handle is open that may rely on it as it is
     */
    boolean isOrCanBeAsHandedOut(boolean alone) throws SQLException {
        if (drift == Drift.AS_HANDED_OUT) {
            // known before its first statement, unless triggers were seen since
            return start != null || !SessionState.changesUnseen(names());
        }
        if (start == null || !names().equals(names) || SettingNames.hasUnnamed(names)) {
            // without a value to set back to, of all of it or of a setting that nobody had named by then
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
