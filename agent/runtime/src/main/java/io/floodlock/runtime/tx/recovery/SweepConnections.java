package io.floodlock.runtime.tx.recovery;

import io.floodlock.runtime.jdbc.driver.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Opens the connections of a sweep, sixteen at the same time. Each attempt runs on a thread of its own; if none is
 * available, the calling thread makes the attempt. An attempt to connect to a server that hangs may last for ever, but
 * delays the sweep of the other servers by no more than a fixed limit, once. It continues after that, at most one per
 * source, and a later sweep takes the connection once it is open. Belongs to the recovery thread.
 */
public final class SweepConnections {

    private static final int NETWORK_MILLIS = 10_000;

    /** Pools of one database share its limit of connections; an application may have a pool for each of its tenants. */
    private static final int AT_ONCE = 16;

    private final Executor beside;
    private final long patienceMillis;
    private final Map<DataSource, FutureTask<Connection>> pending = new IdentityHashMap<>();

    public SweepConnections(Executor beside, long patienceMillis) {
        this.beside = beside;
        this.patienceMillis = patienceMillis;
    }

    interface Opened {
        void take(DataSource source, Connection own) throws SQLException;
    }

    interface Failed {
        void take(DataSource source, SQLException why);
    }

    /** Passes on each connection that is open in time, which the receiver must close, and each failure. */
    void open(List<DataSource> sources, Opened opened, Failed failed) {
        try {
            openAll(sources, opened, failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void openAll(List<DataSource> sources, Opened opened, Failed failed) throws InterruptedException {
        List<DataSource> fresh = new ArrayList<>(sources);
        fresh.removeAll(pending.keySet());
        for (DataSource late : new ArrayList<>(pending.keySet())) {
            pass(late, System.nanoTime(), opened, failed);
        }
        for (int i = 0; i < fresh.size(); i += AT_ONCE) {
            List<DataSource> group = fresh.subList(i, Math.min(fresh.size(), i + AT_ONCE));
            group.forEach(source -> pending.put(source, begin(source)));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            for (DataSource source : group) {
                pass(source, end, opened, failed);
            }
        }
    }

    private void pass(DataSource source, long end, Opened opened, Failed failed) throws InterruptedException {
        try {
            Connection own = pending.get(source).get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            pending.remove(source);
            opened.take(source, own);
        } catch (TimeoutException e) {
            failed.take(source, new SQLException("no connection within " + patienceMillis + " ms"));
        } catch (ExecutionException e) {
            pending.remove(source);
            failed.take(source, e.getCause() instanceof SQLException why ? why : new SQLException(e.getCause()));
        } catch (SQLException e) {
            failed.take(source, e);
        }
    }

    private FutureTask<Connection> begin(DataSource source) {
        FutureTask<Connection> opening = new FutureTask<>(() -> {
            Connection own = OwnConnections.open(source);
            own.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
            return own;
        });
        try {
            beside.execute(opening);
        } catch (RuntimeException | Error e) {
            // no other thread is available: this thread opens the connection
            opening.run();
        }
        return opening;
    }
}
