package io.floodlock.faults.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.IllegalTransactionException;
import io.floodlock.LockLostException;
import io.floodlock.StaleLockException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Fenced;
import io.floodlock.testkit.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Methods with {@code fenced = true}, woven, over a pool. */
@OnEachJdk
class FencedIT extends SharedRedis {

    private static Ledger ledger;

    @BeforeAll
    static void createDatabases() {
        ledger = Servers.ledger();
    }

    @Test
    void theDatabaseKnowsTheTokenAndAHolderThatComesTooLateIsToldAndSucceedsWhenItTriesAgain() throws SQLException {
        try (Program app = app().start()) {
            long token = Long.parseLong(app.call("write", "a", namespace).value());
            assertEquals(token, stored("a"));

            beside("UPDATE floodlock_fence SET token = " + (token + 3_600_000_000L)
                    + ", owner = 'another' WHERE name = '" + namespace + ":fenced:a'");
            app.call("write", "a", namespace)
                    .threw(StaleLockException.class, "'fenced:a'", "Fenced.write", "Redis has lost its count");
            assertEquals(1, ledger.count(namespace));

            long next = Long.parseLong(app.call("write", "a", namespace).value());
            assertTrue(next > token + 3_600_000_000L, () -> next + " follows " + token);
            assertEquals(2, ledger.count(namespace));
        }
    }

    @Test
    void statementsOfAnUnwrappedConnectionAreClaimedInEachTransaction() throws SQLException {
        try (Program app = app().start()) {
            Program.Call late = app.begin("writeUnwrapped", "a", namespace, "commit");
            app.awaitSaid("written " + namespace);
            beside("UPDATE floodlock_fence SET token = token + 3600000000, owner = 'another' WHERE name = '" + namespace
                    + ":fenced:a'");
            app.go("commit");
            late.reply().threw(StaleLockException.class, "'fenced:a'", "Fenced.writeUnwrapped");
            assertEquals(1, ledger.count(namespace));

            Program.Call inTime = app.begin("writeUnwrapped", "a", namespace, "commit again");
            app.go("commit again");
            assertEquals("committed", inTime.reply().value());
            assertEquals(3, ledger.count(namespace));

            app.call("writeUnwrappedByItself", "a", namespace)
                    .threw(IllegalTransactionException.class, "autocommit", "setAutoCommit(false)");
            assertEquals(3, ledger.count(namespace));
        }
    }

    /** A holder is stopped with a transaction open: the next one works only when that is over. */
    @Test
    void theNextHolderWaitsForAStoppedOnesTransaction() {
        try (Program stopped = app().start();
                Program next = app().start()) {
            Program.Call late = stopped.begin("writeAndWait", "a", namespace, "commit");
            stopped.awaitSaid("written " + namespace);
            stopped.jvm().pause();

            Program.Call writing = next.begin("writeAndWait", "a", namespace + " next", "commit");
            Await.until("a claim waits", Duration.ofSeconds(30), FencedIT::someoneWaits);
            assertEquals(false, next.said("written " + namespace + " next"));

            stopped.jvm().resume();
            stopped.go("commit");
            late.reply().threw(LockLostException.class, "fenced:a");
            next.go("commit");
            assertEquals("committed", writing.reply().value());
            assertEquals(0, ledger.count(namespace));
        }
    }

    /** The control: under the lock alone it works beside that transaction. */
    @Test
    void withoutAFenceItDoesNotWait() {
        try (Program stopped = app().start();
                Program next = app().start()) {
            stopped.begin("writeAndWaitUnfenced", "a", namespace, "commit");
            stopped.awaitSaid("written " + namespace);
            stopped.jvm().pause();
            next.begin("writeAndWaitUnfenced", "a", namespace + " next", "commit");
            next.awaitSaid("written " + namespace + " next");
            stopped.jvm().resume();
        }
    }

    private long stored(String item) throws SQLException {
        try (Connection connection = DriverManager.getConnection(ledger.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT token FROM floodlock_fence WHERE name = '" + namespace + ":fenced:" + item + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean someoneWaits() {
        try (Connection connection = DriverManager.getConnection(ledger.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) > 0 FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void beside(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(ledger.url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Program.Builder app() {
        return program(Fenced.class).setting("lease", "2s").database("one", ledger.url());
    }
}
