package io.floodlock.runtime.queue.inbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.thread.AgentThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ownership of a lane, as the home database sees it. Its first call raises the lane's epoch there; see
 * {@link Inbox}. Thread-safe.
 */
final class LaneInbox {

    private static final Logger log = LoggerFactory.getLogger(LaneInbox.class);

    /** The waits for an earlier owner's transactions, of two seconds each, before these are ended. */
    private static final int WAITS = 3;

    private static final long PAUSE_MILLIS = 100;

    private final String name;
    private final long epoch;
    private final ReentrantLock lock = new ReentrantLock();
    private final LaneCleanup cleanup = new LaneCleanup(System::nanoTime);

    /** The place in which the epoch is raised. */
    @GuardedBy("lock")
    private InboxPlace raisedIn;

    LaneInbox(String name, long epoch) {
        this.name = name;
        this.epoch = epoch;
    }

    /** Unique among the lanes of all queues and applications that use the database. */
    String name() {
        return name;
    }

    long epoch() {
        return epoch;
    }

    /**
     * Raises the epoch, unless this ownership has done so, and waits for the transactions of earlier owners.
     *
     * @return the greater epoch that the database knows; 0 if this one stands
     */
    long raise(InboxPlace place) throws SQLException {
        lock.lock();
        try {
            long greater = raisedIn == place ? 0 : raiseIn(place);
            if (greater == 0) {
                raisedIn = place;
            }
            return greater;
        } finally {
            lock.unlock();
        }
    }

    /** Deletes rows that are too old to be needed, if this ownership has recorded calls. */
    void clean(Lane lane) {
        InboxPlace place;
        lock.lock();
        try {
            place = raisedIn;
        } finally {
            lock.unlock();
        }
        if (place != null) {
            cleanup.turn(place, name, lane::cut);
        }
    }

    private long raiseIn(InboxPlace place) throws SQLException {
        try (Connection own = place.home().open()) {
            for (int i = 0; i < WAITS; i++) {
                Long greater = place.tables().raise(own, name, epoch);
                if (greater != null) {
                    return greater;
                }
            }
            return raiseByForce(place, own);
        }
    }

    private long raiseByForce(InboxPlace place, Connection own) throws SQLException {
        int backend = place.tables().backend(own);
        Thread ending = AgentThreads.daemon("floodlock-inbox", () -> endBlockers(place, backend));
        ending.start();
        try {
            Long greater = place.tables().raise(own, name, epoch);
            if (greater == null) {
                throw Failure.UNAVAILABLE.because(
                        "lane " + name + " is locked in " + place.home().name()
                                + " by a transaction of an earlier owner that can't be ended; end its session");
            }
            return greater;
        } finally {
            ending.interrupt();
        }
    }

    private void endBlockers(InboxPlace place, int backend) {
        try {
            while (!Thread.interrupted()) {
                int ended = place.home().endBlockers(backend);
                if (ended > 0) {
                    log.warn(
                            "Lane {}: ended {} sessions of {} whose transactions belong to an earlier owner of the"
                                    + " lane",
                            name,
                            ended,
                            place.home().name());
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // the epoch is raised
        } catch (SQLException e) {
            log.warn("Lane {}: the sessions that lock it can't be ended: {}", name, e.getMessage());
        }
    }
}
