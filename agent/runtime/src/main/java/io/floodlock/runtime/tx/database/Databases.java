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

/**
 * The databases that this JVM has used, by URL and user. Enlisting asks for the database of a pooled connection,
 * recovery adds databases over its own connections and finds the hosts of decisions. Thread-safe.
 */
public final class Databases {

    /*
     * No lock is held during a call to a pool, driver or server. A pool that reveals no credentials gives recovery and
     * the application's threads connections from one supply:
     *
     *   application  holds a connection, uses its database for the first time, and waits for the pool's last connection
     *   recovery     holds that last connection, and adds the database behind it
     *
     * If the application's thread held the lock that recovery needs to add the database, both would wait for ever. So
     * the lock covers only the comparison with the known databases and the addition. Threads that use new databases at
     * the same time take turns, but each waits only for a moment (see Turns); after that all of them ask, and the first
     * to add the database wins. They are at most as many as the pool has connections.
     */

    private final Map<String, Database> byEndpoint = new ConcurrentHashMap<>();

    /** Held while a database is compared with the others and added, and never during a call of foreign code. */
    private final ReentrantLock adding = new ReentrantLock();

    private final Turns turns = new Turns();

    /**
     * The database behind a connection that the source handed out. On its first use its facts are read over another
     * connection.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the product is not supported, or the database is a clone
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

    /** The same for a connection of the agent, on which no transaction is open. */
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

    /** Stores the source's present credentials; its pooled connections may have been opened with earlier ones. */
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
                String why = "databases " + met.name() + " and " + other.name() + " are different, but their tables "
                        + DecisionTable.NAME + " hold the same id: one was cloned from the other. While no"
                        + " transaction is in doubt, drop that table in the clone; a new one is created at the"
                        + " first use";
                met.unable(why);
                throw Failure.ILLEGAL_TRANSACTION.because(why);
            }
        }
    }

    /** All known ways to the database with that id. */
    public List<Database> withId(String id) {
        return byEndpoint.values().stream()
                .filter(database -> database.id().equals(id))
                .toList();
    }

    /** All ways to databases that this JVM knows. */
    public List<Database> all() {
        return List.copyOf(byEndpoint.values());
    }

    /**
     * All known databases whose table has that id, that is, all ways to one database. Empty if two different databases
     * have the id, because one was cloned.
     */
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
