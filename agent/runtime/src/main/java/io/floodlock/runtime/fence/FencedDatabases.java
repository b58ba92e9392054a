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
 * The databases of this JVM in which something was claimed: one for all the DataSources that lead to it. Thread-safe.
 */
final class FencedDatabases {

    private final ReentrantLock mutex = new ReentrantLock();
    private final WeakIdentityMap<DataSource, FencedDatabase> bySource = new WeakIdentityMap<>();

    @GuardedBy("mutex")
    private final Map<String, FencedDatabase> byId = new HashMap<>();

    /** @throws io.floodlock.runtime.failure.FloodlockFailure if it can't be fenced, with the remedy */
    FencedDatabase of(DataSource source, Connection connection) throws SQLException {
        FencedDatabase known = bySource.get(source);
        return known == null || known.mayHaveChanged() ? meet(source, connection) : known;
    }

    /**
     * Its table is not the one that was known: whoever claims next looks for it, and creates it where it is missing.
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
            throw Failure.ILLEGAL_TRANSACTION.because(
                    "table " + place.table() + " in database " + name + " has format " + place.format()
                            + ", this version of the agent knows " + FenceDialect.FORMAT + "; use a newer agent");
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
                throw Failure.ILLEGAL_TRANSACTION.because("database " + name + " is of " + product
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
                                    : "it can't be created here, within a transaction of the pool's manager perhaps: ")
                            + e.getMessage() + ". Let the schema's owner run: "
                            + String.join("; ", dialect.ddl(place.table()))
                            + "; and GRANT SELECT, INSERT, UPDATE, DELETE ON "
                            + place.table() + " TO " + place.user(),
                    e);
        }
        return dialect.find(own);
    }
}
