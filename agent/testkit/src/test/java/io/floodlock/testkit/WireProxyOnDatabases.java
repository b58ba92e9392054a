package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.WireProxy.Direction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxy does between an application and a database, whichever it is. */
abstract class WireProxyOnDatabases {

    private static final AtomicInteger TABLES = new AtomicInteger();

    private final String table = "t" + TABLES.incrementAndGet();
    private WireProxy proxy;

    /** Of the server, by itself. */
    abstract String url();

    abstract WireProxy openProxy();

    @BeforeEach
    void open() throws SQLException {
        proxy = openProxy();
        execute(url(), "CREATE TABLE " + table + " (id int PRIMARY KEY)");
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void passesAllThatNoRuleNames() throws SQLException {
        proxy.at(sql -> sql.contains("nothing has this")).cut();
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
            connection.setAutoCommit(false);
            // more rows than packets have numbers
            for (int i = 0; i < 700; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT id FROM " + table)) {
                int count = 0;
                while (rows.next()) {
                    count++;
                }
                assertEquals(700, count);
            }
        }
    }

    @Test
    void cutStatementNeverArrives() throws SQLException {
        proxy.at(sql -> sql.startsWith("INSERT")).cut();
        assertThrows(SQLException.class, () -> execute(proxied(), insert(1)));
        assertEquals(0, count());
        execute(proxied(), insert(1));
        assertEquals(1, count(), "the rule strikes once");
    }

    @Test
    void statementWithACutReplyIsDone() throws SQLException {
        proxy.at(sql -> sql.startsWith("INSERT")).cutReply();
        assertThrows(SQLException.class, () -> execute(proxied(), insert(1)));
        assertEquals(1, count());
    }

    @Test
    void cutReplyOfACommitLeavesItCommitted() throws SQLException {
        proxy.at(sql -> sql.equalsIgnoreCase("COMMIT")).cutReply();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(insert(1));
            assertThrows(SQLException.class, connection::commit);
        }
        Await.until("the commit is done", Duration.ofSeconds(10), () -> countOrZero() == 1);
    }

    @Test
    void strikesAtTheNthAndFromThereOnIfTold() throws SQLException {
        AtomicInteger struck = new AtomicInteger();
        proxy.at(sql -> sql.startsWith("INSERT"))
                .nth(2)
                .always()
                .doing(struck::incrementAndGet)
                .pass();
        execute(proxied(), insert(1), insert(2), insert(3));
        assertEquals(2, struck.get());
        assertEquals(3, count());
    }

    @Test
    void cutsAtAReply() throws SQLException {
        proxy.atReply(text -> text.toLowerCase(Locale.ROOT).contains("duplicate"))
                .cut();
        execute(proxied(), insert(1));
        SQLException failure = assertThrows(SQLException.class, () -> execute(proxied(), insert(1)));
        assertFalse(failure.getMessage().toLowerCase(Locale.ROOT).contains("duplicate"), failure::getMessage);
        failure = assertThrows(SQLException.class, () -> execute(proxied(), insert(1)));
        assertTrue(failure.getMessage().toLowerCase(Locale.ROOT).contains("duplicate"), failure::getMessage);
    }

    @Test
    void heldStatementArrivesWhenItIsReleased() throws Exception {
        HeldMessage held = proxy.at(sql -> sql.startsWith("INSERT")).hold();
        CompletableFuture<Boolean> inserting = CompletableFuture.supplyAsync(() -> executes(proxied(), insert(1)));
        held.awaitArrival();
        assertEquals(0, count());
        held.release();
        assertTrue(inserting.get(20, TimeUnit.SECONDS));
        assertEquals(1, count());
    }

    @Test
    void killsAProcessBeforeAStatementArrives() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        proxy.at(sql -> sql.startsWith("INSERT"))
                .doing(() -> Signals.kill(process.pid()))
                .pass();
        execute(proxied(), insert(1));
        Await.until("the process dies", Duration.ofSeconds(10), () -> !process.isAlive());
    }

    @Test
    void stalledRepliesComeLateAndCutOnesNever() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            proxy.stall(Direction.TO_CLIENT);
            CompletableFuture<Boolean> inserting = CompletableFuture.supplyAsync(() -> executes(statement, insert(1)));
            Await.until("it is inserted", Duration.ofSeconds(10), () -> countOrZero() == 1);
            assertThrows(TimeoutException.class, () -> inserting.get(50, TimeUnit.MILLISECONDS));
            proxy.flow();
            assertTrue(inserting.get(20, TimeUnit.SECONDS));

            proxy.stall(Direction.TO_SERVER);
            CompletableFuture<Boolean> again = CompletableFuture.supplyAsync(() -> executes(statement, insert(2)));
            assertThrows(TimeoutException.class, () -> again.get(50, TimeUnit.MILLISECONDS));
            proxy.cut();
            assertFalse(again.get(20, TimeUnit.SECONDS));
            proxy.flow();
            assertEquals(1, count());
        }
    }

    private static boolean executes(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean executes(String url, String sql) {
        try {
            execute(url, sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void letsNobodyInWhileItRefuses() throws SQLException {
        proxy.refuse();
        assertThrows(SQLException.class, this::connect);
        proxy.accepting();
        connect().close();
    }

    private String insert(int id) {
        return "INSERT INTO " + table + " VALUES (" + id + ")";
    }

    private String proxied() {
        return proxy.through(url());
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(proxied());
    }

    private int countOrZero() {
        try {
            return count();
        } catch (SQLException e) {
            return 0;
        }
    }

    private int count() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
