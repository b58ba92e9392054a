package io.floodlock.runtime.tx.database;

import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.jdbc.driver.PoolGetters;
import io.floodlock.runtime.jdbc.sql.SettingNames;
import io.floodlock.runtime.tx.dialect.DatabaseFacts;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.dialect.RecoveryRole;
import io.floodlock.runtime.tx.dialect.SessionState;
import io.floodlock.runtime.tx.dialect.TxDialect;
import io.floodlock.runtime.tx.name.Ids;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * One database, as one of its users sees it. It holds the facts that the server stated when this JVM first used the
 * database, until a later answer of the server replaces them. {@link Databases} makes and finds it; branches, commit
 * and recovery read it. Thread-safe.
 *
 * <p>Its id is stored in its own table. So two URLs of one database are known to be one, and a decision is only ever
 * looked for where it was made. A database without the table (because the role may not create it, or because it is a
 * replica) takes part, but can't host decisions.
 */
public final class Database {

    /*
     * The facts change by compare-and-set. Recovery and the application's threads ask the server at the same time, over
     * connections that may come from one pool, so neither may wait for the other's answer (see Databases).
     *
     *   by            asks the server   its answer is stored
     *   ensureTable   creates, reads    if nothing has changed since before it asked; else it asks again
     *   refresh       reads             if nothing has changed since before it asked; else the next sweep's answer is
     *   tableGone, unable, lookAgain    no; always
     */

    private static final long NAMES_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TxDialect dialect;
    private final String name;
    private final AtomicBoolean readingNames = new AtomicBoolean();
    private final Turns turns = new Turns();

    /**
     * The application's source, held weakly: it is collected with the application. The latest one seen, as a pool may
     * be replaced by another.
     */
    private volatile WeakReference<DataSource> source;

    private final AtomicReference<State> state;

    /**
     * The role with which recovery last connected through the source. The source's credentials may have changed since
     * the database was first used.
     */
    private volatile RecoveryRole recoverer;

    private volatile Names names;
    private volatile boolean namesTried;

    /** @param name for messages: host, port and database, no parameters */
    public Database(TxDialect dialect, String name, DataSource source, DatabaseFacts facts) {
        this.dialect = dialect;
        this.name = name;
        this.source = new WeakReference<>(source);
        this.state = new AtomicReference<>(new State(facts.identified(Ids.of(UUID.randomUUID())), false));
        this.recoverer = facts.recoverer();
    }

    public TxDialect dialect() {
        return dialect;
    }

    public String name() {
        return name;
    }

    void seenThrough(DataSource latest) {
        if (!source.refersTo(latest)) {
            source = new WeakReference<>(latest);
        }
    }

    /** The application's source that was used last; null once the application no longer holds it. */
    public DataSource source() {
        return source.get();
    }

    boolean isThrough(DataSource one) {
        return source.refersTo(one);
    }

    public String id() {
        return facts().id();
    }

    /** The qualified name of the decision table, quoted for use in statements; null if there is no table. */
    public String table() {
        return facts().table();
    }

    /** The reason why it can't host decisions, with the remedy; null if it can. */
    public String whyNoHost() {
        return facts().whyNoHost();
    }

    /** Whether the server prepares transactions at all. If not, it can only be the branch that commits in one phase. */
    public boolean canPrepare() {
        return facts().maxPrepared() > 0;
    }

    /** The current facts. Take facts that belong together from one call. */
    public DatabaseFacts facts() {
        return state.get().facts;
    }

    /** The role that must own a branch prepared here; recovery could not finish a branch of another role. */
    public RecoveryRole recoverer() {
        return recoverer;
    }

    void recoverer(RecoveryRole latest) {
        recoverer = latest;
    }

    /** Whether an operator's setting names this database, by pool name or by URL. */
    public boolean isCalled(String poolOrUrl) {
        DataSource now = source.get();
        return now != null && poolOrUrl.equals(PoolGetters.text(now, "getPoolName"))
                || OwnConnections.shown(poolOrUrl).equals(name);
    }

    /** Opens a new connection outside the application's pool; the caller closes it. */
    public Connection open() throws SQLException {
        DataSource now = source.get();
        if (now == null) {
            throw new SQLException("the application no longer holds its DataSource of " + name, "08003");
        }
        return OwnConnections.open(now);
    }

    /** Creates the decision table, unless that was tried before. */
    public void ensureTable() throws SQLException {
        State now = state.get();
        if (now.tried) {
            return;
        }
        if (now.facts.whyNoHost() == null) {
            state.compareAndSet(now, new State(now.facts, true));
            return;
        }
        try (Turns.Turn turn = turns.next()) {
            createTable();
        }
    }

    private void createTable() throws SQLException {
        if (state.get().tried) {
            return;
        }
        try (Connection own = open()) {
            for (State before = state.get(); !before.tried; before = state.get()) {
                DatabaseFacts found = dialect.recovery().ensureTable(own, name).identified(before.facts.id());
                state.compareAndSet(before, new State(found, true));
            }
        }
    }

    /** Reads the names of settings at the first use of the database, so that {@link #changesUnseen} can answer. */
    public void ensureSettingNames() {
        if (names == null && !namesTried) {
            namesTried = true;
            try {
                settingNames(SettingNames.seen());
            } catch (SQLException e) {
                // only a comparison of sessions needs them; it asks again and reports the failure
            }
        }
    }

    /**
     * Whether statements that look harmless may change their session, as far as the names of settings have been read.
     */
    public boolean changesUnseen() {
        Names now = names;
        return now != null && now.unseen;
    }

    /**
     * The names of settings in which sessions may differ: those that the database knows, and the given ones. The
     * database's names are read once a minute, by one caller over a connection of the agent; other callers continue
     * with the old names meanwhile.
     *
     * @return the same set as long as nothing has changed
     */
    public Set<String> settingNames(Set<String> more) throws SQLException {
        Names now = names;
        boolean old = now == null || System.nanoTime() - now.at > NAMES_NANOS;
        if (!old && now.more == more) {
            return now.all;
        }
        if (now == null) {
            now = firstNames(more);
        } else if (old && readingNames.compareAndSet(false, true)) {
            try {
                now = readNames(more);
            } finally {
                readingNames.set(false);
            }
        }
        if (now.more != more) {
            now = new Names(now.found, more, now.all, now.at);
            names = now;
        }
        return now.all;
    }

    private Names firstNames(Set<String> more) throws SQLException {
        try (Turns.Turn turn = turns.next()) {
            Names now = names;
            return now == null ? readNames(more) : now;
        }
    }

    private Names readNames(Set<String> more) throws SQLException {
        Names before = names;
        Names now;
        try (Connection own = open()) {
            now = new Names(
                    dialect.sessions().names(own), more, before == null ? Set.of() : before.all, System.nanoTime());
        }
        names = now;
        return now;
    }

    private static final class Names {

        private final Set<String> found;
        private final Set<String> more;
        private final Set<String> all;
        private final boolean unseen;
        private final long at;

        /** @param before is kept if it is equal, so that sets can be compared by reference */
        Names(Set<String> found, Set<String> more, Set<String> before, long at) {
            this.found = found;
            this.more = more;
            this.at = at;
            Set<String> both = new HashSet<>(found);
            both.addAll(more);
            this.all = both.equals(before) ? before : Set.copyOf(both);
            this.unseen = SessionState.changesUnseen(all);
        }
    }

    /**
     * Reads the facts again over a connection of the agent: the table may have been created, dropped, emptied or
     * restored meanwhile.
     */
    void refresh(Connection own) throws SQLException {
        State before = state.get();
        DatabaseFacts now = dialect.recovery().facts(own, name).identified(before.facts.id());
        boolean lost = before.facts.whyNoHost() == null && now.whyNoHost() != null;
        state.compareAndSet(before, new State(now, before.tried && !lost));
    }

    /** The table is missing or not the known one. The next enlistment looks for it, and creates it if it is missing. */
    public void tableGone() {
        String why = "table " + DecisionTable.NAME + " of database " + name + " was dropped or emptied";
        state.updateAndGet(now -> new State(now.facts.unable(why), false));
    }

    /** Marks the database as unable to host decisions until its facts are read again. */
    void unable(String why) {
        state.updateAndGet(now -> new State(now.facts.unable(why), now.tried));
    }

    /** Asks again at the next enlistment: an operator may have followed the advice. */
    public void lookAgain() {
        state.updateAndGet(now -> new State(now.facts, false));
    }

    /** @param tried whether creating the table was tried since it was last known to be missing */
    private record State(DatabaseFacts facts, boolean tried) {}
}
