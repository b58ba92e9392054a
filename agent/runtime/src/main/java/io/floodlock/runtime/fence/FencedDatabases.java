package io.floodlock.runtime.fence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.jdbc.driver.WeakIdentityMap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * The databases in which this JVM has claimed something: one {@link FencedDatabase} for all DataSources that lead to
 * the same database. {@link Fence} asks for them. Thread-safe.
 */
final class FencedDatabases {

    private final ReentrantLock mutex = new ReentrantLock();
    private final WeakIdentityMap<DataSource, FencedDatabase> bySource = new WeakIdentityMap<>();

    @GuardedBy("mutex")
    private final Map<String, FencedDatabase> byId = new HashMap<>();

    /**
     * Returns the database of a connection. The first call for a DataSource finds the table, or creates it.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the database can't be fenced, with the remedy
     */
    FencedDatabase of(DataSource source, Connection connection) throws SQLException {
        FencedDatabase known = bySource.get(source);
        return known == null || known.mayHaveChanged() ? meet(source, connection) : known;
    }

    /**
     * Forgets a database whose table is not the one that was known: the next claim looks for the table, and creates it
     * if it is missing.
     */
    void forget(FencedDatabase gone) {
        mutex.lock();
        try {
            bySource.removeValue(gone);
            byId.values().removeIf(known -> known == gone);
        } finally {
            mutex.unlock();
        }
    }

    private FencedDatabase meet(DataSource source, Connection connection) throws SQLException {
        String name = OwnConnections.shown(connection.getMetaData().getURL());
        FenceDialect dialect = dialect(connection, name);
        FenceDialect.Place place;
        try (Connection own = OwnConnections.open(source)) {
            place = dialect.find(own);
            if (place.id() == null && place.writable()) {
                place = create(own, dialect, place, name);
            }
        }
        if (place.format() > FenceDialect.FORMAT) {
            throw Failure.ILLEGAL_TRANSACTION.because("table " + place.table() + " in database " + name + " has format "
                    + place.format() + ", but this agent knows format " + FenceDialect.FORMAT + "; use a newer agent");
        }
        mutex.lock();
        try {
            FencedDatabase known = place.id() == null ? null : byId.get(place.id());
            if (known == null) {
                known = new FencedDatabase(name, dialect, place);
                if (place.id() != null) {
                    byId.put(place.id(), known);
                }
            }
            known.seenThrough(source);
            bySource.put(source, known);
            return known;
        } finally {
            mutex.unlock();
        }
    }

    private static FenceDialect dialect(Connection connection, String name) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> new PostgresFenceDialect();
            case "MariaDB" -> new MariaDbFenceDialect();
            default ->
                throw Failure.ILLEGAL_TRANSACTION.because("database " + name + " runs on " + product
                        + ", which can't be fenced; PostgreSQL and MariaDB can. Use it outside fenced methods, or leave"
                        + " out fenced = true");
        };
    }

    private static FenceDialect.Place create(
            Connection own, FenceDialect dialect, FenceDialect.Place place, String name) throws SQLException {
        try {
            dialect.create(own, place.table());
        } catch (SQLException e) {
            boolean denied = "42501".equals(e.getSQLState()) || "42000".equals(e.getSQLState());
            throw Failure.ILLEGAL_TRANSACTION.because(
                    "table " + place.table() + " is missing in database " + name + ", and "
                            + (denied
                                    ? place.user() + " may not create it: "
                                    : "it can't be created here, perhaps inside a managed transaction of the pool: ")
                            + e.getMessage() + ". Let the schema's owner run: "
                            + String.join("; ", dialect.ddl(place.table()))
                            + "; and GRANT SELECT, INSERT, UPDATE, DELETE ON "
                            + place.table() + " TO " + place.user(),
                    e);
        }
        return dialect.find(own);
    }
}
