package io.floodlock.runtime.tx;

import io.floodlock.runtime.jdbc.Beans;
import io.floodlock.runtime.jdbc.OwnConnections;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * One database as one user of it sees it: what was asked of the server when it was first met. Thread-safe.
 *
 * <p>Its id stands in its own table, so that two URLs of one database are known to be one, and a decision is only ever sought
 * where it was made. A database without the table (a role that may not create it, a replica) takes part, but can't host.
 */
final class Database {

    private final String name;
    private final ReentrantLock creating = new ReentrantLock();

    /** The application's, which may go with it; the latest seen, as a pool may be replaced by another. */
    private volatile WeakReference<DataSource> source;

    private volatile Facts facts;
    private volatile String decision;
    private volatile boolean creationTried;

    /** @param name for messages: host, port and database, no parameters */
    Database(String name, DataSource source, Facts facts) {
        this.name = name;
        this.source = new WeakReference<>(source);
        this.facts = facts;
    }

    String name() {
        return name;
    }

    void seenThrough(DataSource latest) {
        if (!source.refersTo(latest)) {
            source = new WeakReference<>(latest);
        }
    }

    String id() {
        return facts.id();
    }

    /** Where the decisions' table is, quoted for use in statements; null if there is none. */
    String table() {
        return facts.table();
    }

    /** The statement that inserts a decision there. */
    String decision() {
        String known = decision;
        if (known == null) {
            known = Postgres.decision(table());
            decision = known;
        }
        return known;
    }

    /** What keeps it from hosting decisions, with the remedy; null if nothing does. */
    String whyNoHost() {
        return facts.whyNoHost();
    }

    /** At its start; 0 means that it can only be the one that commits in one phase. */
    boolean canPrepare() {
        return facts.maxPrepared() > 0;
    }

    Facts facts() {
        return facts;
    }

    /** Whether an operator means it by that pool name or URL. */
    boolean isCalled(String poolOrUrl) {
        DataSource now = source.get();
        return now != null && poolOrUrl.equals(Beans.text(now, "getPoolName"))
                || Databases.shown(poolOrUrl).equals(name);
    }

    /** A new connection beside the application's pool. */
    Connection open() throws SQLException {
        DataSource now = source.get();
        if (now == null) {
            throw new SQLException("the application has given up its DataSource of " + name, "08003");
        }
        return OwnConnections.open(now);
    }

    /** Creates the table unless that was tried before. */
    void ensureTable() throws SQLException {
        if (creationTried) {
            return;
        }
        creating.lock();
        try {
            if (!creationTried && facts.whyNoHost() != null) {
                try (Connection own = open()) {
                    facts = DecisionTable.ensure(own, name);
                }
            }
            creationTried = true;
        } finally {
            creating.unlock();
        }
    }

    /** Another JVM may have created the table meanwhile. */
    void refresh(Connection own) throws SQLException {
        if (facts.table() == null) {
            facts = DecisionTable.read(own, name);
        }
    }

    /** Looks again at the next enlistment: somebody may have followed the advice. */
    void lookAgain() {
        creationTried = false;
    }

    /**
     * @param id in its table, or derived from the server's own identity
     * @param system the server's identity and the database's number in it; null where the role may not ask
     */
    record Facts(String id, String table, String whyNoHost, int maxPrepared, String system) {}
}
