package io.floodlock.pools;

import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.DistributedTx;
import io.floodlock.Floodlock;
import io.floodlock.LockLostException;
import io.floodlock.PessimisticLock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The scenarios that tests run with connections from each source: database "one" through the given source, database
 * "two" through HikariCP.
 */
public final class Scenarios {

    private static final Map<String, Source> SOURCES = new ConcurrentHashMap<>();
    private static final HikariDataSource TWO = Sources.hikari(System.getProperty("db.two"));

    private Scenarios() {}

    /** Creates the source, opens its first connection and returns the class name of that connection. */
    static String open(String source) throws SQLException {
        try (Connection connection = source(source).connect()) {
            return connection.getClass().getName();
        }
    }

    private static Source source(String name) throws SQLException {
        Source known = SOURCES.get(name);
        if (known == null) {
            known = Sources.of(name, System.getProperty("db.one"));
            SOURCES.put(name, known);
        }
        return known;
    }

    /** @param outcome "fail" to throw after both databases are written */
    @DistributedTx
    static String both(String source, String line, String outcome) throws SQLException {
        try (Connection two = TWO.getConnection()) {
            insert(two, line);
        }
        try (Connection one = source(source).connect()) {
            insert(one, line);
        }
        if (outcome.equals("fail")) {
            throw new IllegalStateException("the body failed");
        }
        return "written";
    }

    /** Commits after the lock has been lost. */
    @PessimisticLock(key = "lost:{line}", maxHold = "300ms")
    static String lost(String source, String line) throws SQLException {
        try (Connection one = source(source).connect()) {
            one.setAutoCommit(false);
            insert(one, line);
            awaitLoss();
            one.commit();
        }
        return "committed";
    }

    /** Writes without a transaction after the lock has been lost. */
    @PessimisticLock(key = "lost:{line}", maxHold = "300ms")
    static String lostAlone(String source, String line) throws SQLException {
        try (Connection one = source(source).connect()) {
            awaitLoss();
            insert(one, line);
        }
        return "written";
    }

    /** Writes without a transaction while the lock is held. */
    @PessimisticLock(key = "held:{line}")
    static String alone(String source, String line) throws SQLException {
        try (Connection one = source(source).connect()) {
            insert(one, line);
        }
        return "written";
    }

    private static void awaitLoss() {
        while (true) {
            try {
                Floodlock.fencingToken();
                Thread.onSpinWait();
            } catch (LockLostException lost) {
                return;
            }
        }
    }

    @PessimisticLock(key = "fenced:{line}", fenced = true)
    static String fenced(String source, String line) throws SQLException {
        try (Connection one = source(source).connect()) {
            insert(one, line);
        }
        return "written";
    }

    /** Tells whether the connection after an evicted one is a different physical connection. */
    static String evict(String source) throws SQLException {
        return Evicting.of(source, System.getProperty("db.one")).evict();
    }

    /** Control case: the same comparison after the first connection was returned to the pool. */
    static String giveBack(String source) throws SQLException {
        return Evicting.of(source, System.getProperty("db.one")).giveBack();
    }

    /** Uses a connection in ways that make the driver execute statements of its own. */
    static String everyUse(String source) throws SQLException, IOException {
        try (Connection connection = source(source).connect()) {
            EveryUse.of(connection);
        }
        return "used";
    }

    @DistributedTx
    static String everyUseInTransaction(String source) throws SQLException, IOException {
        return everyUse(source);
    }

    @PessimisticLock(key = "used:{source}")
    static String everyUseInLock(String source) throws SQLException, IOException {
        return everyUse(source);
    }

    @PessimisticLock(key = "fenced-use:{source}", fenced = true)
    static String everyUseFenced(String source) throws SQLException, IOException {
        return everyUse(source);
    }

    private static void insert(Connection connection, String line) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger (line) VALUES (?)")) {
            insert.setString(1, line);
            insert.executeUpdate();
        }
    }
}
