package io.floodlock.runtime.jdbc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.MariaDbServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What MariaDB answers to COMMIT is taken for what it is. */
class MariaDbCommitIT {

    private static final MariaDbServer SERVER = MariaDbServer.start(Map.of());
    private static final String URL = SERVER.createDatabase("commits");

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void create() throws SQLException {
        beside("CREATE OR REPLACE TABLE item (id int)");
        beside("CREATE USER IF NOT EXISTS app@'%' IDENTIFIED BY 'app'");
        beside("GRANT SELECT, INSERT ON commits.* TO app@'%'");
    }

    private static void beside(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM item")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** In manual mode, with a row in it; not as the administrator, who may write in read-only mode. */
    private static Connection withWork() throws SQLException {
        Connection connection = DriverManager.getConnection(URL.replaceFirst("\\?.*", ""), "app", "app");
        connection.setAutoCommit(false);
        run(connection, "INSERT INTO item VALUES (1)");
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aServerThatBecomesReadOnlyRollsBack() throws SQLException {
        try (Connection connection = withWork()) {
            beside("SET GLOBAL read_only = 1");
            SQLException refused = assertThrows(SQLException.class, connection::commit);
            beside("SET GLOBAL read_only = 0");
            assertTrue(refused.getMessage().contains("read-only"), refused::getMessage);
            assertFalse(CommitFailure.isRolledBack(refused), "control: the error itself doesn't tell");
            assertTrue(CommitFailure.isRolledBack(refused, connection), refused::getMessage);
            connection.commit();
            assertEquals(0, rows());
        } finally {
            beside("SET GLOBAL read_only = 0");
        }
    }

    @Test
    void aBackupThatHoldsCommitsUpForTooLongRollsBack() throws SQLException {
        try (Connection connection = withWork();
                Connection backup = DriverManager.getConnection(URL)) {
            run(connection, "SET lock_wait_timeout = 1");
            run(backup, "FLUSH TABLES WITH READ LOCK");
            SQLException refused = assertThrows(SQLException.class, connection::commit);
            run(backup, "UNLOCK TABLES");
            assertTrue(CommitFailure.isRolledBack(refused, connection), refused::getMessage);
            connection.commit();
            assertEquals(0, rows());
        }
    }

    @Test
    void aSessionThatIsKilledTellsNothing() throws SQLException {
        try (Connection connection = withWork();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
            row.next();
            beside("KILL " + row.getLong(1));
            SQLException lost = assertThrows(SQLException.class, connection::commit);
            assertFalse(CommitFailure.isRolledBack(lost, connection), lost::getMessage);
        }
    }
}
