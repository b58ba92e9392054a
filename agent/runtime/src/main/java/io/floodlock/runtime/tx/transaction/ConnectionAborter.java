package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.driver.DriverAbort;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the time for which a database that does not answer holds a caller: past the limit it breaks the connection. A
 * driver's network timeout would do so too, but leaves the socket in a mode in which every read costs three system
 * calls instead of one. Thread-safe: the thread that asks the database sets and lifts the limit, the timer's thread
 * checks it.
 */
final class ConnectionAborter {

    /** Values of the limit, which is else an odd reading of nanoTime. */
    private static final long UNLIMITED = 0;

    private static final long BROKEN_OFF = 2;

    private final Connection connection;
    private final AtomicLong limit = new AtomicLong();

    ConnectionAborter(Connection connection) {
        this.connection = connection;
    }

    void limit(long millis) {
        limit.set(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis) | 1);
    }

    /** Whether the connection was broken meanwhile. */
    boolean unlimit() {
        return limit.getAndSet(UNLIMITED) == BROKEN_OFF;
    }

    /** Breaks it if the limit has passed. */
    void abortIfOverdue() {
        long at = limit.get();
        if (at != UNLIMITED && at != BROKEN_OFF && System.nanoTime() - at > 0 && limit.compareAndSet(at, BROKEN_OFF)) {
            try {
                DriverAbort.of(connection);
            } catch (SQLException e) {
                // tried again as its transaction ends
            }
        }
    }

    /** Breaks it. If this throws, the connection may still be whole, and must not be given back. */
    void abort() throws SQLException {
        try {
            DriverAbort.of(connection);
        } catch (SQLException e) {
            if (!connection.isClosed()) {
                throw e;
            }
        }
    }
}
