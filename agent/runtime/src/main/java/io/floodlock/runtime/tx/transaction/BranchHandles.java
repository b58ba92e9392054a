package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.fence.CallerFrame;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The application's handles that share one physical connection, and what further ones may join it. */
final class BranchHandles {

    private final Connection physical;
    private final TrackedConnection first;
    private final BranchSession session;
    private final ReadOnlyPart readOnlyPart;

    /** Those that the application has not closed. */
    private final List<TrackedConnection> open = new ArrayList<>(2);

    /** Where further handles on it come from without being asked for. */
    private final List<Origin> origins = new ArrayList<>(1);

    /** What its driver keeps, as it was handed out; null as long as it is unchanged. */
    private DriverSettings driverBefore;

    /** @param first whose own connection it is; it joins as any other */
    BranchHandles(TrackedConnection first, BranchSession session, ReadOnlyPart readOnlyPart) {
        this.physical = first.raw();
        this.first = first;
        this.session = session;
        this.readOnlyPart = readOnlyPart;
        this.driverBefore = first.handedOutDriverSettings();
    }

    TrackedConnection first() {
        return first;
    }

    /** Those that are to be left at the end. */
    List<TrackedConnection> all() {
        List<TrackedConnection> all = new ArrayList<>(open);
        if (!all.contains(first)) {
            all.add(first);
        }
        return all;
    }

    /** Its session as it is now, by these names of settings. */
    String sessionNow(Set<String> names) throws SQLException {
        readOnlyPart.leave();
        return session.now(names);
    }

    /**
     * Takes in a handle on the same database: from its first statement on it has no other connection.
     *
     * @param branch the handle's part in it
     * @param passedOn its source only passes on what another one hands out, which may be another database's the next
     *     time
     */
    void join(TrackedConnection handle, Enlistment branch, boolean passedOn) throws SQLException {
        handle.join(branch);
        handle.usedAt(CallerFrame.later());
        if (handle == first) {
            physical.setAutoCommit(false);
            if (physical.isReadOnly()) {
                // the handle refuses writes itself: others that join may write
                physical.setReadOnly(false);
            }
        }
        boolean known = handle == first ? session.isStartKnown() : session.asHandedOut() && !handle.touched();
        if (known && !passedOn) {
            Origin.of(handle).ifPresent(this::add);
        }
        open.add(handle);
    }

    /** Most branches have one. A record's own equals() is slow until it is compiled, which is long after a start. */
    private void add(Origin origin) {
        for (Origin known : origins) {
            if (known.same(origin)) {
                return;
            }
        }
        origins.add(origin);
    }

    /** What a source would hand out, where a further handle on this branch may stand in for it; else null. */
    Origin inPlaceOf(Object source, Class<?> site) throws SQLException {
        for (Origin origin : origins) {
            if (origin.is(source, site)) {
                if (!driverIsAsHandedOut()) {
                    return null;
                }
                readOnlyPart.leave();
                return session.isOrCanBeAsHandedOut(open.isEmpty()) ? origin : null;
            }
        }
        return null;
    }

    /** Whether what the driver keeps is as it was handed out; set back where no handle is open that may rely on it. */
    boolean driverIsAsHandedOut() throws SQLException {
        if (driverBefore != null && open.isEmpty()) {
            driverBefore.restore(physical);
            driverBefore = null;
        }
        return driverBefore == null || driverBefore.equals(DriverSettings.of(physical));
    }

    /** Takes in a handle that has no connection of its own. */
    void add(TrackedConnection further) {
        further.usedAt(CallerFrame.later());
        open.add(further);
    }

    void closed(TrackedConnection handle) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i) == handle) {
                open.remove(i);
                return;
            }
        }
    }

    /** Before a call that changes what the driver keeps. */
    void keepDriverSettings() {
        if (driverBefore == null) {
            driverBefore = DriverSettings.of(physical);
        }
    }

    /** Whether a change of the session by that handle would be one for another handle too. */
    boolean sharedBy(TrackedConnection handle) {
        return otherThan(handle) != null || handle.raw() != null && handle.raw() != physical;
    }

    /** Where the connection was used that a change by that handle would change too; for messages. */
    String siteOfOther(TrackedConnection handle) {
        TrackedConnection other = otherThan(handle);
        return other == null ? first.site() : other.site();
    }

    private TrackedConnection otherThan(TrackedConnection handle) {
        for (TrackedConnection each : open) {
            if (each != handle) {
                return each;
            }
        }
        return null;
    }
}
