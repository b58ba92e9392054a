package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
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
 * One look at all databases for branches that nobody finished. Only this application's names are looked at. In each database:
 *
 * <pre>
 * prepared, then active here, then decisions, then prepared again: what is in both lists is acted on
 *   C, and the branch is listed            -> commit
 *   C, and it is not; or A                 -> roll back
 *   no row, and 5 s past the deadline      -> tombstone, then roll back; or what the row says that was there first
 *   no row, and this JVM has rolled it back -> the same at once
 *   no row, earlier                        -> leave it: its host may be about to decide
 *   the decision's database is not reached -> leave it and say so, never guess
 * </pre>
 *
 * Age is told by the server that prepared it. Before acting, a small write is committed there, as a PREPARE can be seen before
 * its synchronous standby has it.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private static final int NETWORK_MILLIS = 10_000;

    private final String namespace;
    private final Databases databases;
    private final Resolver resolver;
    private final LiveTransactions live;
    private final Garbage garbage;
    private final Pace pace;
    private final Set<String> told = new HashSet<>();

    Sweep(String namespace, Databases databases, Resolver resolver, LiveTransactions live, Garbage garbage, Pace pace) {
        this.namespace = namespace;
        this.databases = databases;
        this.resolver = resolver;
        this.live = live;
        this.garbage = garbage;
        this.pace = pace;
    }

    /** Never throws: what can't be done now is done by a later sweep. */
    void over(List<DataSource> sources) {
        Map<Database, Connection> open = new LinkedHashMap<>();
        try {
            sources.forEach(source -> open(source, open));
            open.forEach((database, own) -> attempt(database.name(), () -> recover(database, own, open)));
            garbage.collect(open);
        } finally {
            open.values().forEach(Sweep::close);
        }
    }

    private void open(DataSource source, Map<Database, Connection> open) {
        attempt(source.getClass().getName(), () -> {
            Connection own = OwnConnections.open(source);
            boolean kept = false;
            try {
                own.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
                if (own.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                    kept = open.putIfAbsent(databases.ofOwn(source, own), own) == null;
                }
            } finally {
                if (!kept) {
                    own.close();
                }
            }
        });
    }

    private void attempt(String what, Attempt attempt) {
        try {
            attempt.run();
            told.remove(what);
        } catch (SQLException | FloodlockFailure e) {
            if (told.add(what)) {
                LOG.warn("recovery can't look at {} and keeps trying: {}", what, e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.warn("recovery failed at {}", what, e);
        }
    }

    private interface Attempt {
        void run() throws SQLException;
    }

    private void recover(Database database, Connection own, Map<Database, Connection> open) throws SQLException {
        Map<String, Verdict> verdicts = new HashMap<>();
        for (Postgres.Prepared prepared : Postgres.prepared(own, Gid.prefix(namespace))) {
            Optional<Gid.BranchName> name = Gid.BranchName.parse(prepared.name());
            if (name.isEmpty() || live.isLive(name.get().gid().id())) {
                continue;
            }
            Verdict verdict = verdict(name.get(), prepared.ageMillis(), open);
            if (verdict != Verdict.WAIT) {
                verdicts.put(prepared.name(), verdict);
            }
        }
        if (verdicts.isEmpty()) {
            return;
        }
        Set<String> still = Postgres.prepared(own, Gid.prefix(namespace)).stream()
                .map(Postgres.Prepared::name)
                .collect(Collectors.toSet());
        verdicts.keySet().retainAll(still);
        if (!verdicts.isEmpty()) {
            Postgres.settle(own);
        }
        for (Map.Entry<String, Verdict> one : verdicts.entrySet()) {
            boolean commit = one.getValue() == Verdict.COMMIT;
            if (Postgres.finish(own, one.getKey(), commit)) {
                LOG.info("recovery {} {} on {}", commit ? "committed" : "rolled back", one.getKey(), database.name());
            }
        }
    }

    private enum Verdict {
        COMMIT,
        ROLL_BACK,
        WAIT
    }

    private Verdict verdict(Gid.BranchName name, long ageMillis, Map<Database, Connection> open) throws SQLException {
        boolean givenUp = live.isGivenUp(name.gid().id());
        if (ageMillis < pace.decidedGrace() && !givenUp) {
            return Verdict.WAIT;
        }
        Optional<Database> home = databases.host(name.gid().table());
        Connection asked = home.map(open::get).orElse(null);
        if (asked == null) {
            if (told.add(name.text())) {
                LOG.warn("{} is in doubt and waits: the database that holds its decision is not reached", name.text());
            }
            return Verdict.WAIT;
        }
        Optional<Postgres.Row> row =
                Postgres.row(asked, home.get().table(), name.gid().text());
        if (row.isEmpty() && (givenUp || ageMillis > name.restMillis() + pace.grace())) {
            row = resolver.decision(home.get(), asked, name.gid());
        }
        if (row.isEmpty()) {
            return Verdict.WAIT;
        }
        boolean listed = row.get().state() == 'C'
                && Arrays.asList(row.get().branches().split(",")).contains(name.branch());
        return listed ? Verdict.COMMIT : Verdict.ROLL_BACK;
    }

    private static void close(Connection own) {
        try {
            own.close();
        } catch (SQLException e) {
            LOG.debug("a connection of recovery", e);
        }
    }
}
