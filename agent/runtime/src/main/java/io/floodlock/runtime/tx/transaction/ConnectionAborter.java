package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.driver.DriverAbort;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the time for which a database that does not answer can hold a caller: past the limit it breaks the connection.
 * A driver's network timeout would do so too, but it leaves the socket in a mode in which every read costs three system
 * calls instead of one. Thread-safe: the thread that asks the database sets and removes the limit, the thread of
 * {@link LiveTransactions} checks it.
 */
final class ConnectionAborter {

    /** Special values of the limit; any other value is an odd reading of nanoTime. */
    private static final long UNLIMITED = 0;

    private static final long BROKEN_OFF = 2;

    private final Connection connection;
    private final AtomicLong limit = new AtomicLong();

    ConnectionAborter(Connection connection) {
        this.connection = connection;
    }

    /** Sets the limit, from now on. */
    void limit(long millis) {
        limit.set(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis) | 1);
    }

    /**
     * Removes the limit.
     *
     * @return whether the connection was broken meanwhile
     */
    boolean unlimit() {
        return limit.getAndSet(UNLIMITED) == BROKEN_OFF;
    }

    /** Breaks the connection if the limit has passed. */
    void abortIfOverdue() {
        long at = limit.get();
        if (at != UNLIMITED && at != BROKEN_OFF && System.nanoTime() - at > 0 && limit.compareAndSet(at, BROKEN_OFF)) {
            try {
                DriverAbort.of(connection);
            } catch (SQLException e) {
                // the end of its transaction tries again
            }
        }
    }

    /**
     * Breaks the connection.
     *
     * @throws SQLException if the connection may still be whole; it must not be returned to its pool
     */
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
