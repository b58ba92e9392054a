package io.floodlock.runtime.tx.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.engine.Bank;
import io.floodlock.runtime.tx.engine.Scopes;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.runtime.tx.engine.Transactions;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class DecisionCleanupIT {

    private final Databases databases = new Databases();

    @Test
    void aDecisionGoesOnlyWhenAllItsBranchesAreKnownToBeFinished() throws Exception {
        String first = Servers.shared(0);
        String second = Servers.shared(1);
        try (Transactions engine =
                        new Transactions(Settings.of(Map.of("namespace", "garbage")), Events.NONE, () -> null);
                Bank a = Bank.simple(engine, first);
                Bank b = Bank.simple(engine, second)) {
            for (int i = 0; i < 5; i++) {
                Scopes.run(engine, () -> {
                    a.add(1, -1);
                    b.add(1, 1);
                });
            }
            assertEquals(5, a.decisions('C'));
            DecisionCleanup garbage = new DecisionCleanup("garbage", Duration.ZERO);
            Map<Database, Connection> open = new LinkedHashMap<>();
            Connection ownA = open(first, open);
            Database home = open.keySet().iterator().next();
            try (ownA) {
                assertEquals(0, garbage.collect(home, ownA, open), "the other database was not reached");
                try (Connection ownB = open(second, open)) {
                    String gid = a.text("SELECT gid || ':' || branches FROM floodlock_tx WHERE state = 'C'"
                            + " ORDER BY gid OFFSET 2 LIMIT 1");
                    b.run("BEGIN; UPDATE account SET balance = balance; PREPARE TRANSACTION '" + gid + "'");
                    assertEquals(4, garbage.collect(home, ownA, open), "one branch is prepared");
                    home.dialect().finish(ownB, gid, false);
                    assertEquals(
                            0,
                            new DecisionCleanup("garbage", Duration.ofHours(1)).collect(home, ownA, open),
                            "too young");
                    assertEquals(
                            0, new DecisionCleanup("others", Duration.ZERO).collect(home, ownA, open), "not its own");
                    assertEquals(1, garbage.collect(home, ownA, open));
                }
            }
            assertEquals(0, a.decisions('C'));
            assertEquals(1, a.decisions('I'), "the database's id stays");
        }
    }

    /** Decisions that bind a database that is no more stay, and keep none behind them. */
    @Test
    void rowsThatStayKeepNoOthers() throws Exception {
        String url = Servers.database();
        Map<Database, Connection> open = new LinkedHashMap<>();
        try (Connection own = ensured(url, open)) {
            Database home = open.keySet().iterator().next();
            String gone = Ids.next();
            long day = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
            long month = System.currentTimeMillis() - Duration.ofDays(31).toMillis();
            insert(own, home, "C", month, 12_000, gone, "31 days");
            insert(own, home, "A", month + 20_000, 10, "", "31 days");
            insert(own, home, "A", day, 10, "", "1 day");
            insert(own, home, "C", day + 20_000, 3_000, home.id(), "1 day");
            DecisionCleanup garbage = new DecisionCleanup("garbage", Duration.ofMinutes(10));
            assertEquals(3_010, garbage.collect(home, own, open));
            assertEquals(0, garbage.collect(home, own, open));
            assertEquals(12_010, count(own, home));
        }
    }

    /** Deletion reads by the key what is old: never the whole table, of which most is young. */
    @Test
    void theYoungAreNotRead() throws Exception {
        String url = Servers.database();
        Map<Database, Connection> open = new LinkedHashMap<>();
        try (Connection own = ensured(url, open)) {
            Database home = open.keySet().iterator().next();
            insert(own, home, "C", System.currentTimeMillis(), 20_000, home.id(), "0 days");
            insert(
                    own,
                    home,
                    "A",
                    System.currentTimeMillis() - Duration.ofDays(31).toMillis(),
                    5,
                    "",
                    "31 days");
            own.createStatement().execute("ANALYZE " + home.table());
            long before = sequentialScans(own);
            assertEquals(5, new DecisionCleanup("garbage", Duration.ofMinutes(10)).collect(home, own, open));
            assertEquals(before, sequentialScans(own));
            assertEquals(20_000, count(own, home));
            assertEquals(before + 1, sequentialScans(own), "the control: reading the whole table is counted");
        }
    }

    private Connection ensured(String url, Map<Database, Connection> open) throws SQLException {
        try (Connection first = java.sql.DriverManager.getConnection(url)) {
            DecisionTable.ensure(first, "garbage");
        }
        return open(url, open);
    }

    private static void insert(
            Connection own, Database home, String state, long from, int count, String database, String age)
            throws SQLException {
        try (PreparedStatement statement = own.prepareStatement(
                "INSERT INTO " + home.table() + " (gid, state, branches, at) VALUES (?, ?, ?, now() - ?::interval)")) {
            for (int i = 0; i < count; i++) {
                statement.setString(1, new Gid("garbage", home.id(), Ids.at(from + i), 1).text());
                statement.setString(2, state);
                statement.setString(3, database.isEmpty() ? "" : database + "." + Ids.next() + ".1");
                statement.setString(4, age);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static long count(Connection own, Database home) throws SQLException {
        return number(own, "SELECT count(*) FROM " + home.table() + " WHERE state <> 'I'");
    }

    private static long sequentialScans(Connection own) throws SQLException {
        number(own, "SELECT count(pg_stat_force_next_flush()::text)");
        number(own, "SELECT count(pg_stat_clear_snapshot()::text)");
        return number(own, "SELECT pg_stat_get_numscans('floodlock_tx'::regclass)");
    }

    private static long number(Connection own, String sql) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection open(String url, Map<Database, Connection> open) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        Connection own = OwnConnections.open(source);
        open.put(databases.ofOwn(source, own), own);
        return own;
    }
}
