package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.jdbc.OwnConnections;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/** The databases this JVM has met, by URL and user. Thread-safe. */
final class Databases {

    private final Map<String, Database> byEndpoint = new ConcurrentHashMap<>();
    private final ReentrantLock meeting = new ReentrantLock();

    /** The database behind a connection that the source handed out; asked over another connection at the first meeting. */
    Database of(DataSource source, Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String url = about.getURL();
        String endpoint = about.getUserName() + "@" + url;
        Database known = byEndpoint.get(endpoint);
        if (known != null) {
            known.seenThrough(source);
            return known;
        }
        if (!"PostgreSQL".equals(about.getDatabaseProductName())) {
            throw Failure.ILLEGAL_TRANSACTION.because("@DistributedTx can't enlist " + about.getDatabaseProductName()
                    + " (" + shown(url) + "): only PostgreSQL is supported; use it outside the method");
        }
        return meet(endpoint, url, source);
    }

    /** The same for a connection of our own, which no transaction is open on. */
    Database ofOwn(DataSource source, Connection own) throws SQLException {
        DatabaseMetaData about = own.getMetaData();
        return of(source, own, about.getUserName() + "@" + about.getURL(), about.getURL());
    }

    private Database of(DataSource source, Connection own, String endpoint, String url) throws SQLException {
        Database known = byEndpoint.get(endpoint);
        if (known != null) {
            known.seenThrough(source);
            known.refresh(own);
            return known;
        }
        String name = shown(url);
        return put(endpoint, new Database(name, source, DecisionTable.read(own, name)));
    }

    private Database meet(String endpoint, String url, DataSource source) throws SQLException {
        meeting.lock();
        try {
            Database known = byEndpoint.get(endpoint);
            if (known != null) {
                return known;
            }
            try (Connection own = OwnConnections.open(source)) {
                return of(source, own, endpoint, url);
            }
        } finally {
            meeting.unlock();
        }
    }

    private Database put(String endpoint, Database met) {
        meeting.lock();
        try {
            checkNotCloned(met);
            Database first = byEndpoint.putIfAbsent(endpoint, met);
            return first == null ? met : first;
        } finally {
            meeting.unlock();
        }
    }

    private void checkNotCloned(Database met) {
        for (Database other : byEndpoint.values()) {
            String system = met.facts().system();
            if (other.id().equals(met.id())
                    && system != null
                    && !system.equals(other.facts().system())) {
                throw Failure.ILLEGAL_TRANSACTION.because(
                        "databases " + met.name() + " and " + other.name()
                                + " are two, but their tables " + DecisionTable.NAME
                                + " hold the same id: one was cloned. While no"
                                + " transaction is in doubt, drop that table in the clone; a new one is created at the first use");
            }
        }
    }

    /** One whose table has that id. */
    Optional<Database> host(String id) {
        return byEndpoint.values().stream()
                .filter(database -> database.table() != null && database.id().equals(id))
                .findFirst();
    }

    /** What may be shown of a URL: no user, password or other parameter. */
    static String shown(String url) {
        return OwnConnections.shown(url);
    }
}
