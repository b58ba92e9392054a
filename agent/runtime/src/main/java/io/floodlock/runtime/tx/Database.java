package io.floodlock.runtime.tx;

import io.floodlock.runtime.jdbc.Beans;
import io.floodlock.runtime.jdbc.OwnConnections;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * One database as one user of it sees it: what was asked of the server when it was first met. Thread-safe.
 *
 * <p>Its id stands in its own table, so that two URLs of one database are known to be one, and a decision is only ever sought
 * where it was made. A database without the table (a role that may not create it, a replica) takes part, but can't host.
 */
final class Database {

    private static final long NAMES_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final ReentrantLock creating = new ReentrantLock();

    /** The application's, which may go with it; the latest seen, as a pool may be replaced by another. */
    private volatile WeakReference<DataSource> source;

    private volatile Facts facts;

    /** As whom recovery last connected through the source; its credentials may have changed since this was met. */
    private volatile Role recoverer;

    private volatile boolean creationTried;
    private volatile Names names;

    /** @param name for messages: host, port and database, no parameters */
    Database(String name, DataSource source, Facts facts) {
        this.name = name;
        this.source = new WeakReference<>(source);
        this.facts = facts.identified(Ids.of(UUID.randomUUID()));
        this.recoverer = facts.recoverer();
    }

    String name() {
        return name;
    }

    void seenThrough(DataSource latest) {
        if (!source.refersTo(latest)) {
            source = new WeakReference<>(latest);
        }
    }

    boolean isThrough(DataSource one) {
        return source.refersTo(one);
    }

    String id() {
        return facts.id();
    }

    /** Where the decisions' table is, quoted for use in statements; null if there is none. */
    String table() {
        return facts.table();
    }

    /** What keeps it from hosting decisions, with the remedy; null if nothing does. */
    String whyNoHost() {
        return facts.whyNoHost();
    }

    /** At its start; 0 means that it can only be the one that commits in one phase. */
    boolean canPrepare() {
        return facts.maxPrepared() > 0;
    }

    /** One state of affairs: what belongs together is to be taken from one answer. */
    Facts facts() {
        return facts;
    }

    /** Who must own what is prepared here, else nobody could finish it. */
    Role recoverer() {
        return recoverer;
    }

    void recoverer(Role latest) {
        recoverer = latest;
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
                    facts = DecisionTable.ensure(own, name).identified(facts.id());
                }
            }
            creationTried = true;
        } finally {
            creating.unlock();
        }
    }

    /**
     * Names of the settings that a session may differ in: those that the database knows of, asked for over a
     * connection of our own once a minute, and those given.
     *
     * @return the same set as long as nothing has changed
     */
    Set<String> settingNames(Set<String> more) throws SQLException {
        Names now = names;
        if (now == null || System.nanoTime() - now.at > NAMES_NANOS) {
            try (Connection own = open()) {
                now = new Names(SessionState.names(own), more, System.nanoTime());
            }
            names = now;
        } else if (now.more != more) {
            now = new Names(now.found, more, now.at);
            names = now;
        }
        return now.all;
    }

    private static final class Names {

        private final Set<String> found;
        private final Set<String> more;
        private final Set<String> all;
        private final long at;

        Names(Set<String> found, Set<String> more, long at) {
            this.found = found;
            this.more = more;
            this.at = at;
            Set<String> both = new HashSet<>(found);
            both.addAll(more);
            this.all = Set.copyOf(both);
        }
    }

    /** What a connection of our own says now: the table may have been created, dropped, emptied or restored meanwhile. */
    void refresh(Connection own) throws SQLException {
        creating.lock();
        try {
            Facts before = facts;
            Facts now = DecisionTable.read(own, name).identified(before.id());
            facts = now;
            if (before.whyNoHost() == null && now.whyNoHost() != null) {
                creationTried = false;
            }
        } finally {
            creating.unlock();
        }
    }

    /** The table is not the one that was known: the next enlistment looks for it, and creates it where it is missing. */
    void tableGone() {
        creating.lock();
        try {
            facts = facts.unable("table " + DecisionTable.NAME + " of database " + name + " was dropped or emptied");
            creationTried = false;
        } finally {
            creating.unlock();
        }
    }

    /** It can't host decisions, until it is asked again. */
    void unable(String why) {
        creating.lock();
        try {
            facts = facts.unable(why);
        } finally {
            creating.unlock();
        }
    }

    /** Looks again at the next enlistment: somebody may have followed the advice. */
    void lookAgain() {
        creationTried = false;
    }

    /**
     * Whom a connection of our own belongs to.
     *
     * @param literal its name as a literal of SQL
     */
    record Role(String name, String literal, boolean superuser) {}

    /**
     * @param id in its table, or derived from the server's own identity; null if neither is known
     * @param decision the statement that inserts a decision into that very table, and fails in one that took its place
     * @param system the server's identity and the database's number in it; null where the role may not ask
     */
    record Facts(
            String id,
            String table,
            String decision,
            String whyNoHost,
            int maxPrepared,
            String system,
            Role recoverer) {

        Facts identified(String otherwise) {
            return id != null ? this : new Facts(otherwise, table, decision, whyNoHost, maxPrepared, system, recoverer);
        }

        Facts unable(String why) {
            return new Facts(id, table, decision, why, maxPrepared, system, recoverer);
        }
    }
}
