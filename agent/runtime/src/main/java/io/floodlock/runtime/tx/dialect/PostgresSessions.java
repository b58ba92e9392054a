package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.jdbc.sql.SettingNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * PostgreSQL's {@link SessionDialect}. It reads the state of a session: all parts in which two sessions may differ such
 * that one statement has different effects, or gives different rows, in each. {@link SessionState} describes the text.
 * It has one line {@code name=value} for each of:
 *
 * <ul>
 *   <li>the server: its start time, and whether it is a replica; the database and the schema in which tables are made;
 *   <li>the role and the login;
 *   <li>the isolation and access mode of the open transaction, or of the next one;
 *   <li>the temporary schema, if it holds anything: its tables hide others of their names;
 *   <li>every setting that any user may change, search_path and time limits among them; but not application_name, which
 *       changes nothing. They are read by name, which takes the server a tenth of the time of a view of all;
 *   <li>customized settings ({@code app.tenant}). PostgreSQL lists them nowhere. Included are those that row policies,
 *       column defaults, views and functions of the database name, that ALTER ROLE or ALTER DATABASE sets, and that
 *       statements of this JVM name.
 * </ul>
 *
 * <p>A setting matters only where something reads it, so its name is known wherever a reader names it. Where names are
 * built at run time both to set and to read ({@code current_setting($1)}), no session stands in for another. Where a
 * trigger, view, rule, default or policy calls code that may change the session, each statement may change it.
 *
 * <p>Not seen: what functions in C do. A session's advisory locks, prepared statements, cursors and notifications don't
 * decide where rows are stored, and are not compared. Autocommit and savepoints belong to the handle and not to the
 * session. Thread-safe.
 */
final class PostgresSessions implements SessionDialect {

    /** The SQL state of every statement after an error, until a rollback. */
    static final String ABORTED = "25P02";

    private static final String READ = "SELECT concat_ws(E'\\n',"
            + " 'server=' || pg_postmaster_start_time()::text || ' ' || pg_is_in_recovery()::text,"
            + " 'database=' || current_database(), 'schema=' || current_schema(), 'role=' || current_user,"
            + " 'login=' || session_user,"
            + " 'transaction_isolation=' || current_setting('transaction_isolation'),"
            + " 'transaction_read_only=' || current_setting('transaction_read_only'),"
            + " 'temporary=' || CASE WHEN pg_my_temp_schema() <> 0"
            + " AND EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = pg_my_temp_schema())"
            + " THEN pg_my_temp_schema()::text ELSE '' END,"
            + " (SELECT string_agg(name || '=' || current_setting(name, true), E'\\n' ORDER BY name)"
            + " FROM unnest(?::text[]) name WHERE current_setting(name, true) <> ''))";

    private static final String CALL = "'(?:current_setting|set_config)\\s*\\(\\s*''([a-z_][\\w$]*(?:\\.[\\w$]+)+)''";

    /** Calls of functions that read settings, as stored trees name them: current_setting, with one argument or two. */
    private static final String READS = " ~ ':funcid (2077|3294) '";

    /**
     * Excludes the server's own objects: to search all its functions and views takes a hundred times longer than an
     * application's.
     */
    private static final String OWN = "oid >= 16384";

    /** Calls of set_config, as stored trees name them. */
    private static final String SETS = " ~ ':funcid 2078 '";

    private static final String UNNAMED = "\\s*\\(\\s*(''[^'']*''\\s*\\|\\||[^''[:space:]])'";

    /** A pattern for bodies of functions: code that may change the session. */
    private static final String CHANGES =
            "'set_config|\\mexecute\\M|(^|;|\\mbegin\\M|\\mthen\\M|\\melse\\M|\\mloop\\M)" + "\\s*(set|reset)\\s'";

    private static final String NAMES = "WITH texts AS ("
            + "SELECT prosrc AS body FROM pg_catalog.pg_proc WHERE " + OWN
            + " AND prosrc ~* 'current_setting|set_config'"
            + " UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p"
            + " WHERE " + OWN + " AND prokind IN ('f', 'p')"
            + " AND to_jsonb(p) ->> 'prosqlbody'" + READS
            + " UNION ALL SELECT pg_get_expr(polqual, polrelid) FROM pg_catalog.pg_policy"
            + " UNION ALL SELECT pg_get_expr(polwithcheck, polrelid) FROM pg_catalog.pg_policy"
            + " UNION ALL SELECT pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef WHERE " + OWN
            + " AND adbin::text" + READS
            + " UNION ALL SELECT pg_get_viewdef(ev_class) FROM pg_catalog.pg_rewrite WHERE " + OWN
            + " AND ev_type = '1'"
            + " AND ev_action::text" + READS
            + "), changers AS (SELECT p.oid, proname, prosrc FROM pg_catalog.pg_proc p"
            + " JOIN pg_catalog.pg_language l ON l.oid = prolang"
            + " WHERE p." + OWN
            + " AND prokind IN ('f', 'p') AND lanname NOT IN ('internal', 'c')"
            + " AND (lanname NOT IN ('sql', 'plpgsql') OR prosrc ~* " + CHANGES + " OR to_jsonb(p) ->> 'prosqlbody'"
            + SETS
            + ")) SELECT DISTINCT lower(found[1]) FROM texts, regexp_matches(body, " + CALL + "', 'gi') found"
            + " UNION SELECT lower(split_part(pair, '=', 1)) FROM pg_catalog.pg_db_role_setting, unnest(setconfig) pair"
            + " WHERE split_part(pair, '=', 1) LIKE '%.%'"
            + " UNION SELECT name FROM pg_catalog.pg_settings WHERE (context = 'user'"
            + " OR name = 'session_replication_role')"
            + " AND name NOT IN ('application_name', 'transaction_isolation', 'transaction_read_only', 'seed')"
            + " UNION SELECT '" + SettingNames.READS_UNNAMED + "' FROM texts WHERE body ~* 'current_setting" + UNNAMED
            + " UNION SELECT '" + SettingNames.SETS_UNNAMED + "' FROM texts WHERE body ~* 'set_config" + UNNAMED
            + " UNION SELECT '" + SessionState.UNSEEN + "' WHERE EXISTS (SELECT FROM pg_catalog.pg_trigger t"
            + " JOIN pg_catalog.pg_proc f ON f.oid = tgfoid JOIN changers c"
            + " ON c.oid = f.oid OR strpos(lower(f.prosrc), lower(c.proname)) > 0 WHERE NOT tgisinternal)"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_depend JOIN changers c ON refobjid = c.oid"
            + " WHERE refclassid = 'pg_catalog.pg_proc'::regclass AND classid IN ('pg_catalog.pg_attrdef'::regclass,"
            + " 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass))"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_attrdef WHERE " + OWN + " AND adbin::text" + SETS
            + ") OR EXISTS (SELECT FROM pg_catalog.pg_rewrite WHERE " + OWN
            + " AND ev_action::text" + SETS
            + ") OR EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polqual::text" + SETS + " OR polwithcheck::text"
            + SETS
            + ")";

    /** The prefix of the agent's own settings, which last as long as a transaction. */
    private static final String OURS = "floodlock.";

    private static final Set<String> NO_SETTINGS = Set.of(
            "server", "database", "schema", "login", "temporary", "transaction_isolation", "transaction_read_only");

    @Override
    public Set<String> names(Connection connection) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NAMES)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    @Override
    public String read(Connection connection, Set<String> names) throws SQLException {
        Set<String> sorted = new TreeSet<>(names);
        sorted.removeIf(name -> name.startsWith(OURS) || name.startsWith("?"));
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, "{" + String.join(",", sorted) + "}");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Override
    public void restore(Connection connection, String now, String before) throws SQLException {
        Map<String, String> was = SessionState.entries(before);
        Set<String> names = SessionState.differing(SessionState.entries(now), was);
        if (names.contains("schema") && was.containsKey("schema")) {
            // pools remember what was set through them, and return it from getSchema()
            connection.setSchema(was.get("schema"));
            names.add("search_path");
        }
        names.removeAll(NO_SETTINGS);
        if (names.isEmpty()) {
            return;
        }
        List<String> calls = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String name : names) {
            calls.add("set_config('" + name + "', ?, false)");
            values.add(was.getOrDefault(name, ""));
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + String.join(", ", calls))) {
            for (int i = 0; i < values.size(); i++) {
                statement.setString(i + 1, values.get(i));
            }
            statement.execute();
        }
    }

    @Override
    public boolean tryLock(Connection connection, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Begins a subtransaction, in one message. */
    @Override
    public void refuseWrites(Connection connection) throws SQLException {
        run(connection, "SAVEPOINT floodlock_read; SET TRANSACTION READ ONLY");
    }

    @Override
    public void allowWrites(Connection connection) throws SQLException {
        run(connection, "RELEASE SAVEPOINT floodlock_read");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public boolean isDoomed(SQLException e) {
        return ABORTED.equals(e.getSQLState());
    }
}
