package io.floodlock.runtime.tx.recovery;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.jdbc.driver.PoolGetters;
import io.floodlock.runtime.tx.commit.Resolver;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.Decision;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.dialect.PreparedBranch;
import io.floodlock.runtime.tx.dialect.RecoveryDialect;
import io.floodlock.runtime.tx.dialect.TxDialects;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.transaction.LiveTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass of recovery: it looks at all databases for branches that were left unfinished, and finishes them. It touches
 * names of this application only. In each database:
 *
 * <pre>
 * 1  list what is prepared; then skip what is live in this JVM; then judge by the decision:
 *      prepared less than 3 s ago                -> leave it, unless this JVM has rolled it back: its host finishes it
 *      C, and the row lists the branch           -> commit
 *      C, and the row does not list it; or A     -> roll back
 *      no row, and 5 s past the deadline         -> insert the tombstone, then roll back; a row found there counts
 *      no row, and this JVM has rolled it back   -> the same at once
 *      no row, earlier                           -> leave it: its host may be about to decide
 *      the decision's database is not reachable  -> leave it and report it, never guess
 * 2  list what is prepared again; act on branches that are in both lists
 * </pre>
 *
 * <p>The server that prepared a branch states its age. Before acting, a small write is committed there, as a PREPARE
 * can be seen before its synchronous standby has it. Belongs to the recovery thread.
 */
public final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final String namespace;
    private final Databases databases;
    private final Resolver resolver;
    private final LiveTransactions live;
    private final DecisionCleanup cleanup;
    private final RecoveryTiming timing;
    private final SweepConnections connections;
    private final SweepReport report;

    /** Branches that one connection found but whose role may not finish them; another connection's role may. */
    private final Map<String, Runnable> foreign = new LinkedHashMap<>();

    private final Set<String> finishable = new HashSet<>();

    public Sweep(
            String namespace,
            Databases databases,
            Resolver resolver,
            LiveTransactions live,
            DecisionCleanup garbage,
            RecoveryTiming pace,
            SweepConnections openings,
            SweepReport report) {
        this.namespace = namespace;
        this.databases = databases;
        this.resolver = resolver;
        this.live = live;
        this.cleanup = garbage;
        this.timing = pace;
        this.connections = openings;
        this.report = report;
    }

    /** What one database or one connection throws is reported, and a later sweep tries it again. */
    public void over(List<DataSource> sources) {
        Map<Database, Connection> open = new LinkedHashMap<>();
        report.begin();
        foreign.clear();
        finishable.clear();
        try {
            connections.open(
                    sources,
                    (source, own) -> attempt(connection(source), () -> take(source, own, open)),
                    (source, why) -> failed(connection(source), why));
            open.forEach((database, own) -> attempt(database.name(), () -> recover(database, own, open)));
            foreign.keySet().removeAll(finishable);
            foreign.values().forEach(Runnable::run);
            cleanup.collect(open);
        } finally {
            open.values().forEach(Sweep::close);
            report.end();
        }
    }

    private void take(DataSource source, Connection own, Map<Database, Connection> open) throws SQLException {
        boolean kept = false;
        try {
            if (TxDialects.of(own.getMetaData()) != null) {
                kept = open.putIfAbsent(databases.ofOwn(source, own), own) == null;
            }
        } finally {
            if (!kept) {
                own.close();
            }
        }
    }

    private static String connection(DataSource source) {
        String url = PoolGetters.text(source, "getJdbcUrl", "getUrl", "getURL");
        return "a connection to " + (url == null ? source.getClass().getName() : OwnConnections.shown(url));
    }

    private void attempt(String place, Attempt attempt) {
        try {
            attempt.run();
            report.lookedAt(place);
        } catch (SQLException | FloodlockFailure e) {
            failed(place, e);
        } catch (RuntimeException e) {
            LOG.warn("recovery failed at {}", place, e);
        }
    }

    private void failed(String place, Exception why) {
        report.stalled(
                place,
                "recovery at " + place,
                String.valueOf(why.getMessage()),
                "Recovery tries again at each sweep; until then branches in doubt there keep their rows locked.");
    }

    private interface Attempt {
        void run() throws SQLException;
    }

    private void recover(Database database, Connection own, Map<Database, Connection> open) throws SQLException {
        RecoveryDialect dialect = database.dialect().recovery();
        Map<String, Verdict> verdicts = new HashMap<>();
        for (PreparedBranch prepared : dialect.prepared(own, Gid.prefix(namespace))) {
            Optional<Gid.BranchName> name = Gid.BranchName.parse(prepared.name());
            if (name.isEmpty() || live.isLive(name.get().gid().id())) {
                continue;
            }
            Verdict verdict = verdictOrWait(database, name.get(), prepared.ageMillis(), open);
            if (prepared.ours()) {
                finishable.add(prepared.name());
                verdicts.put(prepared.name(), verdict);
            } else if (verdict != Verdict.WAIT) {
                foreign.put(prepared.name(), () -> foreign(database, prepared, verdict));
            }
        }
        verdicts.values().removeIf(verdict -> verdict == Verdict.WAIT);
        if (verdicts.isEmpty()) {
            return;
        }
        Set<String> still = dialect.prepared(own, Gid.prefix(namespace)).stream()
                .map(PreparedBranch::name)
                .collect(Collectors.toSet());
        verdicts.keySet().retainAll(still);
        if (!verdicts.isEmpty()) {
            dialect.settle(own);
        }
        verdicts.forEach((name, verdict) -> finish(database, own, name, verdict));
    }

    private void finish(Database database, Connection own, String name, Verdict verdict) {
        boolean commit = verdict == Verdict.COMMIT;
        try {
            if (database.dialect().finish(own, name, commit)) {
                LOG.info("recovery {} {} on {}", commit ? "committed" : "rolled back", name, database.name());
            }
        } catch (SQLException e) {
            stands(database, name, e.getMessage(), "Recovery tries again at each sweep.");
        }
    }

    private void foreign(Database database, PreparedBranch prepared, Verdict verdict) {
        String owner = prepared.owner() == null ? "a role that was dropped" : "role " + prepared.owner();
        stands(
                database,
                prepared.name(),
                "it belongs to " + owner + "; only that role may finish it, but recovery connects as "
                        + prepared.lister(),
                "Its rows stay locked. As that role or as a superuser, run in that database: "
                        + (verdict == Verdict.COMMIT ? "COMMIT" : "ROLLBACK") + " PREPARED '" + prepared.name() + "'");
    }

    private void stands(Database database, String branch, String cause, String remedy) {
        report.stalled(database.name(), "branch " + branch + " on " + database.name(), cause, remedy);
    }

    private enum Verdict {
        COMMIT,
        ROLL_BACK,
        WAIT
    }

    /** A branch that can't be judged delays no other. */
    private Verdict verdictOrWait(
            Database database, Gid.BranchName name, long ageMillis, Map<Database, Connection> open) {
        try {
            return verdict(database, name, ageMillis, open);
        } catch (SQLException e) {
            stands(
                    database,
                    name.text(),
                    "its decision can't be read: " + e.getMessage(),
                    "Recovery tries again at each sweep.");
            return Verdict.WAIT;
        }
    }

    private Verdict verdict(Database database, Gid.BranchName name, long ageMillis, Map<Database, Connection> open)
            throws SQLException {
        boolean givenUp = live.isGivenUp(name.gid().id());
        if (ageMillis < timing.decidedGrace() && !givenUp) {
            return Verdict.WAIT;
        }
        Optional<Database> home = databases.hosts(name.gid().table()).stream()
                .filter(open::containsKey)
                .findFirst();
        if (home.isEmpty()) {
            stands(
                    database,
                    name.text(),
                    "the database that holds its decision can't be reached, or its table " + DecisionTable.NAME
                            + " was dropped, restored or cloned (the table's id is "
                            + name.gid().table() + ")",
                    "Start or restore that database, or use it in this JVM too; its rows stay locked until then.");
            return Verdict.WAIT;
        }
        Connection connection = open.get(home.get());
        Optional<Decision> row = home.get()
                .dialect()
                .recovery()
                .row(connection, home.get().table(), name.gid().text());
        if (row.isEmpty() && (givenUp || ageMillis > name.restMillis() + timing.grace())) {
            row = resolver.decision(home.get(), connection, name.gid());
        }
        if (row.isEmpty()) {
            return Verdict.WAIT;
        }
        return row.get().commits(name.branch()) ? Verdict.COMMIT : Verdict.ROLL_BACK;
    }

    private static void close(Connection own) {
        try {
            own.close();
        } catch (SQLException e) {
            LOG.debug("could not close a connection of recovery", e);
        }
    }
}
