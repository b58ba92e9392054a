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

/**
 * The application's handles (its {@code Connection} objects) that share one physical connection, and the conditions
 * under which further handles may join. {@link Enlister} adds handles. Belongs to the branch's thread.
 */
final class BranchHandles {

    private final Connection physical;
    private final TrackedConnection first;
    private final BranchSession session;
    private final ReadOnlyPart readOnlyPart;

    /** The handles that the application has not closed. */
    private final List<TrackedConnection> open = new ArrayList<>(2);

    /** The sources for which a further handle may be made without running them. */
    private final List<Origin> origins = new ArrayList<>(1);

    /** The driver's settings as they were handed out; null as long as they are unchanged. */
    private DriverSettings driverBefore;

    /** @param first the handle that owns the physical connection; it joins as any other */
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

    /** The handles that must be left at the end: the open ones and the first. */
    List<TrackedConnection> all() {
        List<TrackedConnection> all = new ArrayList<>(open);
        if (!all.contains(first)) {
            all.add(first);
        }
        return all;
    }

    /** The present state of its session, by these names of settings. */
    String sessionNow(Set<String> names) throws SQLException {
        readOnlyPart.leave();
        return session.now(names);
    }

    /**
     * Adds a handle on the same database. From its first statement on, its statements run on the shared connection.
     *
     * @param branch the handle's part in the transaction
     * @param passedOn whether its source only passes on a connection of another source, which may belong to another
     *     database the next time
     */
    void join(TrackedConnection handle, Enlistment branch, boolean passedOn) throws SQLException {
        handle.join(branch);
        handle.usedAt(CallerFrame.later());
        if (handle == first) {
            physical.setAutoCommit(false);
            if (physical.isReadOnly()) {
                // this handle refuses writes itself; other handles that join may write
                physical.setReadOnly(false);
            }
        }
        boolean known = handle == first ? session.isStartKnown() : session.asHandedOut() && !handle.touched();
        if (known && !passedOn) {
            Origin.of(handle).ifPresent(this::add);
        }
        open.add(handle);
    }

    /**
     * Most branches have one origin. Compared by hand, as a record's own equals() is slow until it is compiled, which
     * is long after a start.
     */
    private void add(Origin origin) {
        for (Origin known : origins) {
            if (known.same(origin)) {
                return;
            }
        }
        origins.add(origin);
    }

    /**
     * The origin of what the source would hand out, if a further handle on this branch may stand in for it; else null.
     */
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

    /**
     * Whether the driver's settings are as they were handed out. Sets them back first if no handle is open that may
     * rely on them.
     */
    boolean driverIsAsHandedOut() throws SQLException {
        if (driverBefore != null && open.isEmpty()) {
            driverBefore.restore(physical);
            driverBefore = null;
        }
        return driverBefore == null || driverBefore.equals(DriverSettings.of(physical));
    }

    /** Adds a handle that has no connection of its own. */
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

    /** Saves the driver's settings before a call that changes them. */
    void keepDriverSettings() {
        if (driverBefore == null) {
            driverBefore = DriverSettings.of(physical);
        }
    }

    /** Whether a change of the session by that handle would affect another handle too. */
    boolean sharedBy(TrackedConnection handle) {
        return otherThan(handle) != null || handle.raw() != null && handle.raw() != physical;
    }

    /** The site of the connection that a change by that handle would affect too; for messages. */
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
