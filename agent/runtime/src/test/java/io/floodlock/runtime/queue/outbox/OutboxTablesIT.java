package io.floodlock.runtime.queue.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.tx.engine.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two transactions that overlap number calls of one bucket. */
@Timeout(60)
class OutboxTablesIT {

    private static final String QUEUE = "application:orders";
    private static final List<byte[]> CALL = List.of(new byte[] {1});

    private final String url = Servers.database();
    private OutboxTables tables;

    @BeforeEach
    void create() throws SQLException {
        try (Connection own = DriverManager.getConnection(url);
                Statement statement = own.createStatement()) {
            for (String one : OutboxTables.ddl("")) {
                statement.execute(one);
            }
            tables = OutboxTables.find(new HomeAt(url), own);
            tables.write(own, QUEUE, 3, CALL);
        }
    }

    /** Begins both, lets the first one number a call and commit, then the second one. */
    private long numberOfSecond(int isolation) throws SQLException {
        try (Connection first = begun(isolation);
                Connection second = begun(isolation)) {
            tables.write(first, QUEUE, 3, CALL);
            first.commit();
            long number = tables.write(second, QUEUE, 3, CALL).first();
            second.commit();
            return number;
        }
    }

    private Connection begun(int isolation) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
        return connection;
    }

    @Test
    void theyFollowEachOtherWhereEachStatementSeesWhatIsCommitted() throws SQLException {
        assertEquals(3, numberOfSecond(Connection.TRANSACTION_READ_COMMITTED));
    }

    @Test
    void theLaterOneFailsWhereItWouldSeeAnOlderState() {
        for (int isolation : List.of(Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE)) {
            SQLException failure = assertThrows(SQLException.class, () -> numberOfSecond(isolation));
            assertEquals("40001", failure.getSQLState());
        }
    }
}
