package io.floodlock.faults.app;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * Database "one" as JTA's current transaction sees it, over a connection for each piece of work: of those the agent sees none.
 * Reads at an isolation that sees what was there as the transaction first read.
 */
final class XaRows {

    private static final XADataSource ONE = source();

    private XaRows() {}

    private static XADataSource source() {
        PGXADataSource source = new PGXADataSource();
        source.setUrl(System.getProperty("db.one"));
        return source;
    }

    static void create(String item) throws SQLException {
        XAConnection physical = ONE.getXAConnection();
        try (Connection connection = physical.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO counter (item, n) VALUES ('" + item + "', 0) ON CONFLICT (item) DO UPDATE SET n = 0");
        } finally {
            physical.close();
        }
    }

    static void write(String line) throws SQLException {
        Connection connection = enlisted();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger (line) VALUES (?)")) {
            insert.setString(1, line);
            insert.executeUpdate();
        }
    }

    /** Reads it and writes one more, in two steps. */
    static void next(String item) throws SQLException {
        Connection connection = enlisted();
        try (Statement statement = connection.createStatement()) {
            int read = read(statement, item);
            statement.execute("UPDATE counter SET n = " + (read + 1) + " WHERE item = '" + item + "'");
        }
    }

    private static int read(Statement statement, String item) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT n FROM counter WHERE item = '" + item + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    static int read(String item) throws SQLException {
        XAConnection physical = ONE.getXAConnection();
        try (Connection connection = physical.getConnection();
                Statement statement = connection.createStatement()) {
            return read(statement, item);
        } finally {
            physical.close();
        }
    }

    private static Connection enlisted() throws SQLException {
        XAConnection physical = ONE.getXAConnection();
        Connection connection = physical.getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            Transaction transaction = current();
            transaction.enlistResource(physical.getXAResource());
            transaction.registerSynchronization(new Told(null, physical));
        } catch (RollbackException | SystemException e) {
            throw new SQLException(e);
        }
        return connection;
    }

    private static Transaction current() throws SystemException {
        return CDI.current().select(TransactionManager.class).get().getTransaction();
    }

    /** Lets the current transaction wait there before it commits. */
    static void gateCommit(String gate) throws SQLException {
        try {
            current().registerSynchronization(new Told(gate, null));
        } catch (RollbackException | SystemException e) {
            throw new SQLException(e);
        }
    }

    private record Told(String gate, XAConnection physical) implements Synchronization {

        @Override
        public void beforeCompletion() {
            if (gate != null) {
                Console.say("committing " + gate);
                Console.waitAt(gate);
            }
        }

        @Override
        public void afterCompletion(int status) {
            try {
                if (physical != null) {
                    physical.close();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
