package io.floodlock.runtime.tx.dialect;

import static io.floodlock.runtime.tx.dialect.PostgresGuards.unlessMarked;
import static io.floodlock.runtime.tx.dialect.PostgresGuards.unlessRoleOf;

import io.floodlock.runtime.jdbc.driver.CommitFailure;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The steps of two-phase commit in PostgreSQL's statements. {@link PostgresGuards} has the conditions that the server
 * checks with them. Thread-safe.
 */
public final class PostgresTxDialect implements TxDialect {

    /**
     * The SQL state of a named object that does not exist: here, of a prepared transaction that is already finished.
     */
    private static final String FINISHED = "42704";

    private final SessionDialect sessions = new PostgresSessions();
    private final RecoveryDialect recovery = new PostgresRecovery();

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public SessionDialect sessions() {
        return sessions;
    }

    @Override
    public RecoveryDialect recovery() {
        return recovery;
    }

    @Override
    public void mark(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('floodlock.gid', ?, true)")) {
            statement.setString(1, id);
            statement.execute();
        }
    }

    @Override
    public boolean sameMark(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('floodlock.gid', true)")) {
            row.next();
            return id.equals(row.getString(1));
        }
    }

    @Override
    public boolean aborted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return false;
        } catch (SQLException e) {
            if (PostgresSessions.ABORTED.equals(e.getSQLState())) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public boolean readOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id_if_assigned() IS NULL"
                        + " AND current_setting('transaction_isolation') <> 'serializable'")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * In an aborted transaction PREPARE rolls back without an error. So a statement precedes it that does fail there,
     * the cheapest one there is; its setting ends with the transaction. Only the role that prepares may finish: a role
     * that the application has set meanwhile, by any statement or function, is not recovery's role.
     */
    @Override
    public void prepare(Connection connection, String name, String mark, RecoveryRole recoverer) throws SQLException {
        String check = mark == null && recoverer.superuser()
                ? "SET LOCAL lock_timeout = 0"
                : "SELECT CASE" + unlessRoleOf(recoverer) + unlessMarked(mark) + " ELSE 0 END";
        try (Statement statement = connection.createStatement()) {
            statement.execute(check + "; PREPARE TRANSACTION '" + name + "'");
        }
    }

    @Override
    public void decide(Connection connection, DatabaseFacts home, Gid gid, String branches, String mark)
            throws SQLException {
        String sql = home.decision();
        if (mark != null) {
            sql = sql.replace(" ELSE 1 END", unlessMarked(mark) + " ELSE 1 END");
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, gid.text());
            statement.setString(2, branches);
            statement.execute();
        }
    }

    @Override
    public boolean finish(Connection connection, String name, boolean commit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute((commit ? "COMMIT" : "ROLLBACK") + " PREPARED '" + name + "'");
            return true;
        } catch (SQLException e) {
            if (FINISHED.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean isRolledBack(SQLException e) {
        return CommitFailure.isRolledBack(e);
    }

    @Override
    public boolean isTableGone(SQLException e) {
        return PostgresRollbackReasons.isOfTable(e);
    }

    @Override
    public String whyNotPrepared(SQLException e, String database, RecoveryRole recoverer) {
        return PostgresRollbackReasons.ofPrepare(e, database, recoverer);
    }

    @Override
    public String whyNotDecided(SQLException e, DatabaseFacts home) {
        return PostgresRollbackReasons.ofDecision(e, home);
    }
}
