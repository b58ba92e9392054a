package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.tx.name.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * The table that holds decisions, and the facts that its database states. The table is created on a connection of its
 * own, outside any transaction of the application.
 *
 * <pre>
 * gid       the decision's transaction; 'floodlock' in the row that holds the database's id
 * state     C committed, A aborted for ever, I the id
 * branches  the ids of the branches that the decision binds, separated by commas; the id in its row
 * at        the time of the row, by the server's clock
 * format    of the row: 1
 * </pre>
 */
public final class DecisionTable {

    /** The table's name, unqualified. */
    public static final String NAME = "floodlock_tx";

    private static final String IDENTITY = "floodlock";

    private static final String FACTS =
            "SELECT current_schema(), quote_ident(n.nspname), quote_ident(current_schema()),"
                    + " current_setting('max_prepared_transactions')::int, pg_is_in_recovery(),"
                    + " has_schema_privilege(current_schema(), 'CREATE'), quote_ident(current_user),"
                    + " CASE WHEN c.oid IS NOT NULL THEN has_table_privilege(c.oid, 'SELECT')"
                    + " AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'DELETE') END,"
                    + " pg_relation_filenode(c.oid), current_user::text, quote_literal(current_user),"
                    + " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
                    + " FROM (SELECT 1) one LEFT JOIN pg_class c ON c.oid = to_regclass('" + NAME + "')"
                    + " LEFT JOIN pg_namespace n ON n.oid = c.relnamespace";

    private static final String SYSTEM = "SELECT system_identifier, (SELECT oid FROM pg_database"
            + " WHERE datname = current_database())::bigint FROM pg_control_system()";

    /** The key of the advisory lock under which sessions create the table one after the other. */
    private static final long CREATION = 0x466C6F6F646C6F63L;

    private DecisionTable() {}

    /** The statements that create the table in the current schema of the session, one each. */
    public static List<String> ddl() {
        return statements(NAME);
    }

    /** The statements for an operator to run where the application's role may not. */
    public static String ddl(String schema) {
        return String.join("; ", statements(schema + "." + NAME)) + ";";
    }

    private static List<String> statements(String table) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + table + " (gid text COLLATE \"C\" PRIMARY KEY,"
                        + " state char(1) NOT NULL CHECK (state IN ('C', 'A', 'I')), branches text NOT NULL,"
                        + " at timestamptz NOT NULL DEFAULT now(), format smallint NOT NULL DEFAULT 1)",
                "INSERT INTO " + table + " (gid, state, branches) VALUES ('" + IDENTITY
                        + "', 'I', gen_random_uuid()::text) ON CONFLICT (gid) DO NOTHING");
    }

    /**
     * Reads the facts, and creates nothing.
     *
     * @param own a connection as recovery opens it, in no transaction
     */
    public static DatabaseFacts read(Connection own, String name) throws SQLException {
        String system = system(own);
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(FACTS)) {
            row.next();
            String found = row.getString(2);
            String schema = row.getString(3) == null ? "public" : row.getString(3);
            int maxPrepared = row.getInt(4);
            boolean replica = row.getBoolean(5);
            boolean mayCreate = row.getBoolean(6);
            String role = row.getString(7);
            boolean mayUse = row.getBoolean(8);
            long file = row.getLong(9);
            RecoveryRole recoverer = new RecoveryRole(row.getString(10), row.getString(11), row.getBoolean(12));
            String id = found != null && mayUse ? identity(own, found + "." + NAME) : null;
            String whyNot = id != null && mayUse && !replica
                    ? null
                    : whyNoHost(name, found, schema, role, replica, mayUse, mayCreate);
            String table = found == null ? null : found + "." + NAME;
            String decision = table == null ? null : PostgresGuards.decision(table, file);
            return new DatabaseFacts(id != null ? id : system, table, decision, whyNot, maxPrepared, system, recoverer);
        }
    }

    private static String whyNoHost(
            String name, String found, String schema, String role, boolean replica, boolean mayUse, boolean mayCreate) {
        if (replica) {
            return "database " + name + " is a replica, which can't hold decisions";
        }
        if (found != null && !mayUse) {
            return "role " + role + " may not use " + found + "." + NAME + " in database " + name
                    + "; let its owner run: GRANT SELECT, INSERT, DELETE ON " + found + "." + NAME + " TO " + role;
        }
        String run = ddl(schema) + " GRANT SELECT, INSERT, DELETE ON " + schema + "." + NAME + " TO " + role + ";";
        return mayCreate
                ? "table " + NAME + " is missing in database " + name + "; create it: " + run
                : "role " + role + " may not create table " + NAME + " in schema " + schema + " of database " + name
                        + "; let the schema's owner run: " + run;
    }

    /** The id that a table holds, or null. */
    public static String identity(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT branches FROM " + table + " WHERE gid = '" + IDENTITY + "'")) {
            return row.next() ? Ids.of(UUID.fromString(row.getString(1))) : null;
        } catch (IllegalArgumentException e) {
            throw new SQLException(
                    "the row '" + IDENTITY + "' of " + table
                            + " holds no UUID; restore it, or delete it when no transaction" + " is in doubt",
                    e);
        }
    }

    private static String system(Connection own) {
        try (Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery(SYSTEM)) {
            row.next();
            return Ids.of(Ids.derived(row.getLong(1), row.getLong(2)));
        } catch (SQLException e) {
            return null;
        }
    }

    /** Creates what is missing of the table, where the role may, and returns the facts after that. */
    public static DatabaseFacts ensure(Connection own, String name) throws SQLException {
        DatabaseFacts before = read(own, name);
        if (before.whyNoHost() == null) {
            return before;
        }
        try {
            create(own);
        } catch (SQLException e) {
            rollBack(own, e);
            // 42501: no right to create; 25006: a replica; the facts explain both better
            if (!"42501".equals(e.getSQLState()) && !"25006".equals(e.getSQLState())) {
                throw e;
            }
        }
        own.setAutoCommit(true);
        return read(own, name);
    }

    private static void create(Connection own) throws SQLException {
        own.setAutoCommit(false);
        try (PreparedStatement lock = own.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
            lock.setLong(1, CREATION);
            lock.execute();
        }
        try (Statement statement = own.createStatement()) {
            String schema;
            try (ResultSet row = statement.executeQuery("SELECT quote_ident(current_schema())")) {
                row.next();
                schema = row.getString(1);
            }
            statement.execute("SET LOCAL client_min_messages = warning; SET LOCAL synchronous_commit = on");
            statement.execute(ddl(schema == null ? "public" : schema));
        }
        own.commit();
    }

    private static void rollBack(Connection own, SQLException because) {
        try {
            own.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
