package io.floodlock.runtime.tx.database;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.dialect.RecoveryRole;
import io.floodlock.runtime.tx.dialect.TxDialect;
import io.floodlock.runtime.tx.dialect.TxDialects;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/** The databases that this JVM has used, by URL and user. Thread-safe. */
public final class Databases {

    /*
     * No lock is held while a pool, driver or server is asked. A pool that reveals no credentials gives recovery and
     * the application's threads connections from one supply:
     *
     *   application  holds a connection, meets its database, and waits for the pool's last connection
     *   recovery     holds that last connection, and adds the database that it leads to
     *
     * If the application's thread held the lock that recovery needs to add the database, both would wait for ever. So
     * the lock covers only the comparison with the known databases and the addition. Threads that meet databases at the
     * same time take turns, for as long as that takes no longer than a moment; else they all ask, and the first to add
     * one wins. They are at most as many as the pool has connections.
     */

    private final Map<String, Database> byEndpoint = new ConcurrentHashMap<>();

    /** Held while one is compared with the others and added, and never across a call of foreign code. */
    private final ReentrantLock adding = new ReentrantLock();

    private final Turns turns = new Turns();

    /**
     * The database behind a connection that the source handed out; asked over another connection at the first adding.
     */
    public Database of(DataSource source, Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String url = about.getURL();
        String endpoint = about.getUserName() + "@" + url;
        Database known = byEndpoint.get(endpoint);
        if (known != null) {
            known.seenThrough(source);
            return known;
        }
        if (TxDialects.of(about) == null) {
            throw Failure.ILLEGAL_TRANSACTION.because("@DistributedTx can't enlist " + about.getDatabaseProductName()
                    + " (" + OwnConnections.shown(url) + "): only " + TxDialects.products()
                    + " is supported; use it outside the method");
        }
        return meet(endpoint, url, source);
    }

    /** The same for a connection of our own, which no transaction is open on. */
    public Database ofOwn(DataSource source, Connection own) throws SQLException {
        DatabaseMetaData about = own.getMetaData();
        Database database = of(source, own, about.getUserName() + "@" + about.getURL(), about.getURL());
        recovers(source, database.facts().recoverer());
        return database;
    }

    private Database of(DataSource source, Connection own, String endpoint, String url) throws SQLException {
        Database known = byEndpoint.get(endpoint);
        if (known != null) {
            known.seenThrough(source);
            known.refresh(own);
            checkNotCloned(known);
            return known;
        }
        String name = OwnConnections.shown(url);
        TxDialect dialect = TxDialects.of(own.getMetaData());
        return put(
                endpoint, new Database(dialect, name, source, dialect.recovery().facts(own, name)));
    }

    /** What the source's credentials are now: those that its pooled connections were opened with may be others. */
    private void recovers(DataSource source, RecoveryRole role) {
        for (Database database : byEndpoint.values()) {
            if (database.isThrough(source)) {
                database.recoverer(role);
            }
        }
    }

    private Database meet(String endpoint, String url, DataSource source) throws SQLException {
        try (Turns.Turn turn = turns.next()) {
            Database known = byEndpoint.get(endpoint);
            if (known != null) {
                known.seenThrough(source);
                return known;
            }
            try (Connection own = OwnConnections.open(source)) {
                return of(source, own, endpoint, url);
            }
        }
    }

    private Database put(String endpoint, Database met) {
        adding.lock();
        try {
            checkNotCloned(met);
            Database first = byEndpoint.putIfAbsent(endpoint, met);
            return first == null ? met : first;
        } finally {
            adding.unlock();
        }
    }

    private void checkNotCloned(Database met) {
        for (Database other : byEndpoint.values()) {
            String system = met.facts().system();
            if (other.id().equals(met.id())
                    && system != null
                    && !system.equals(other.facts().system())) {
                String why = "databases " + met.name() + " and " + other.name() + " are two, but their tables "
                        + DecisionTable.NAME + " hold the same id: one was cloned. While no"
                        + " transaction is in doubt, drop that table in the clone; a new one is created at the"
                        + " first use";
                met.unable(why);
                throw Failure.ILLEGAL_TRANSACTION.because(why);
            }
        }
    }

    /** All ways to the one whose table has that id; none where two that are not the same have it, as one was cloned. */
    public List<Database> hosts(String id) {
        List<Database> found = new ArrayList<>();
        Set<String> systems = new HashSet<>();
        for (Database database : byEndpoint.values()) {
            if (database.table() != null && database.id().equals(id)) {
                found.add(database);
                if (database.facts().system() != null) {
                    systems.add(database.facts().system());
                }
            }
        }
        return systems.size() > 1 ? List.of() : found;
    }
}
