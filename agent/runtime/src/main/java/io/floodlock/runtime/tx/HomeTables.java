package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Tables of the agent's own beside a home's table of decisions, on PostgreSQL: finds them, creates what is missing, and
 * checks the role's rights. The inbox and the outbox of queues have some. Thread-safe.
 */
public final class HomeTables {

    private static final String DENIED = "42501";

    private final TxHome home;
    private final String[] tables;
    private final List<String> ddl;
    private final String use;

    /**
     * @param names of the tables
     * @param ddl the statements that create them in the home's schema
     * @param use what the database does with them, for messages: {@code "records the calls that have run"}
     */
    public HomeTables(TxHome home, List<String> names, List<String> ddl, String use) {
        this.home = home;
        this.tables = names.stream().map(name -> home.schema() + name).toArray(String[]::new);
        this.ddl = ddl;
        this.use = use;
    }

    /** Whether all of them exist. */
    public boolean exist(Connection own) throws SQLException {
        return ask(own, "SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(?::text[]) AS given(name)");
    }

    /**
     * Creates what is missing.
     *
     * @param creation the key of the advisory lock under which sessions do so one after the other
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if the role may not create or use them,
     *     with the statements for those who may
     */
    public void ensure(long creation) throws SQLException {
        try (Connection own = home.open()) {
            if (!exist(own)) {
                create(own, creation);
            }
            if (!ask(
                    own,
                    "SELECT bool_and(has_table_privilege(name, p)) FROM unnest(?::text[]) AS given(name),"
                            + " (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) rights(p)")) {
                throw unusable(own, "use");
            }
        }
    }

    private boolean ask(Connection own, String question) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement(question)) {
            statement.setArray(1, own.createArrayOf("text", tables));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void create(Connection own, long creation) throws SQLException {
        own.setAutoCommit(false);
        try (Statement statement = own.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + creation + ")");
            statement.execute("SET LOCAL client_min_messages = warning; SET LOCAL synchronous_commit = on");
            for (String part : ddl) {
                statement.execute(part);
            }
            own.commit();
        } catch (SQLException e) {
            own.rollback();
            if (DENIED.equals(e.getSQLState())) {
                throw unusable(own, "create");
            }
            throw e;
        }
        own.setAutoCommit(true);
    }

    private RuntimeException unusable(Connection own, String what) throws SQLException {
        String role;
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT quote_ident(current_user)")) {
            row.next();
            role = row.getString(1);
        }
        return Failure.ILLEGAL_TRANSACTION.because("role " + role + " may not " + what + " the tables "
                + String.join(" and ", tables) + " in database " + home.name() + ", which " + use
                + "; let the schema's owner run: " + String.join("; ", ddl)
                + "; GRANT SELECT, INSERT, UPDATE, DELETE ON " + String.join(", ", tables) + " TO " + role + ";");
    }
}
