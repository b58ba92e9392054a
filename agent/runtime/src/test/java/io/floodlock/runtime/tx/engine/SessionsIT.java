package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.sql.SettingNames;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import shop.Notes;

/** Handles of one database whose sessions differ: what each writes lands where it would without the transaction, or is refused. */
class SessionsIT {

    private final List<HikariDataSource> pools = new ArrayList<>();
    private Transactions engine;
    private String url;

    @BeforeEach
    void open() throws SQLException {
        engine = new Transactions(Settings.of(Map.of("namespace", "test")), Events.NONE, () -> null);
        url = Servers.shared(0);
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "DROP SCHEMA IF EXISTS ta, tb CASCADE; CREATE SCHEMA ta; CREATE SCHEMA tb;"
                            + " DROP TABLE IF EXISTS note, led; CREATE TABLE note(t text);"
                            + " CREATE TABLE ta.note(t text); CREATE TABLE tb.note(t text);"
                            + " CREATE TABLE led(tenant text DEFAULT current_setting('app.tenant', true), t text)");
        }
    }

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
        engine.close();
    }

    private HikariDataSource hikari(Consumer<HikariConfig> more) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        more.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    private DataSource pool() {
        return new Woven(engine, hikari(config -> {}));
    }

    private DataSource pool(Consumer<HikariConfig> more) {
        return new Woven(engine, hikari(more));
    }

    private String rows(String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return Notes.ask(connection, "SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM " + table + " x");
        }
    }

    private void truncate() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(connection, "TRUNCATE note, ta.note, tb.note, led");
        }
    }

    private FloodlockFailure refused(Failure kind, Scopes.Body body) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Scopes.run(engine, body));
        assertEquals(kind, failure.kind(), failure.getMessage());
        return failure;
    }

    // ---- handles with a connection each

    @Test
    void schemasOfTwoHandles() throws Exception {
        DataSource source = pool();
        Scopes.Body body = () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                a.setSchema("ta");
                b.setSchema("tb");
                Notes.write(a, "of_a");
                Notes.write(b, "of_b");
            }
        };
        body.run();
        assertEquals(List.of("(of_a)", "(of_b)"), List.of(rows("ta.note"), rows("tb.note")), "control");
        truncate();
        Scopes.run(engine, body);
        assertEquals(List.of("(of_a)", "(of_b)"), List.of(rows("ta.note"), rows("tb.note")));
    }

    @Test
    void settingsMadeBeforeTheMethod() throws Exception {
        DataSource source = pool();
        try (Connection a = source.getConnection();
                Connection b = source.getConnection()) {
            Notes.run(a, "SET app.tenant = 'a'");
            Notes.run(b, "SET app.tenant = 'b'");
            Scopes.run(engine, () -> {
                Notes.run(a, "INSERT INTO led(t) VALUES ('1')");
                Notes.run(b, "INSERT INTO led(t) VALUES ('2')");
            });
            Notes.run(a, "RESET app.tenant");
            Notes.run(b, "RESET app.tenant");
        }
        assertEquals("(a,1) (b,2)", rows("led"));
    }

    /** What one transaction has found out of two pools holds for that one alone. */
    @Test
    void schemasOfTwoPoolsThatHaveJoinedBefore() throws Exception {
        DataSource one = pool();
        DataSource two = pool(config -> config.setJdbcUrl(url + "&ApplicationName=two"));
        for (String[] schemas : new String[][] {{"public", "public"}, {"ta", "tb"}, {"tb", "tb"}}) {
            Scopes.run(engine, () -> {
                try (Connection a = one.getConnection();
                        Connection b = two.getConnection()) {
                    a.setSchema(schemas[0]);
                    b.setSchema(schemas[1]);
                    Notes.write(a, "one");
                    Notes.write(b, "two");
                }
            });
        }
        assertEquals(
                List.of("(one) (two)", "(one)", "(one) (two) (two)"),
                List.of(rows("public.note"), rows("ta.note"), rows("tb.note")));
    }

    /** The init SQL of a pool, a role and a temporary table: whatever a session may differ in. */
    @Test
    void whatElseDiffers() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "DO $$ BEGIN CREATE ROLE tenant_role; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                            + " GRANT ALL ON note, led TO tenant_role; GRANT USAGE ON SCHEMA public TO tenant_role;"
                            + " ALTER TABLE led ALTER tenant SET DEFAULT current_user");
        }
        DataSource plain = pool();
        DataSource initialised = pool(config -> config.setConnectionInitSql("SET search_path = tb"));
        DataSource temporary = pool(config -> config.setConnectionInitSql("CREATE TEMP TABLE note(t text)"));
        DataSource strict = pool(config -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE"));
        Scopes.run(engine, () -> {
            try (Connection a = plain.getConnection();
                    Connection b = initialised.getConnection();
                    Connection c = strict.getConnection()) {
                Notes.write(a, "a");
                Notes.write(b, "b");
                assertEquals("serializable", Notes.ask(c, "SHOW transaction_isolation"));
                assertEquals("read committed", Notes.ask(a, "SHOW transaction_isolation"));
            }
        });
        assertEquals(List.of("(a)", "(b)"), List.of(rows("note"), rows("tb.note")));
        FloodlockFailure failure = refused(Failure.TRANSACTION_ROLLED_BACK, () -> {
            try (Connection b = initialised.getConnection();
                    Connection c = temporary.getConnection()) {
                Notes.write(b, "b");
                Notes.write(c, "temporary");
            }
        });
        assertTrue(failure.getMessage().contains("temp"), failure.getMessage());
        try {
            Scopes.run(engine, () -> {
                try (Connection a = plain.getConnection();
                        Connection b = plain.getConnection()) {
                    Notes.run(b, "SET ROLE tenant_role");
                    Notes.run(a, "INSERT INTO led(t) VALUES ('1')");
                    Notes.run(b, "INSERT INTO led(t) VALUES ('2')");
                }
            });
            assertEquals("(postgres,1) (tenant_role,2)", rows("led"));
        } catch (FloodlockFailure refusal) {
            // what is prepared by another role than the login's can't be recovered
            assertNull(rows("led"));
        }
    }

    @Test
    void withoutPreparedTransactionsTheRefusalNamesBothSites() throws Exception {
        url = Servers.databaseOnSecond();
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "CREATE SCHEMA ta; CREATE SCHEMA tb; CREATE TABLE ta.note(t text); CREATE TABLE tb.note(t text)");
        }
        DataSource source = pool();
        FloodlockFailure failure = refused(Failure.TRANSACTION_ROLLED_BACK, () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                a.setSchema("ta");
                b.setSchema("tb");
                Notes.write(a, "of_a");
                Notes.write(b, "of_b");
            }
        });
        assertTrue(
                failure.getMessage().matches("(?s).*shop\\.Notes\\.run:.*shop\\.Notes\\.run:.*search_path.*"),
                failure.getMessage());
        assertNull(rows("ta.note"));
    }

    // ---- handles that share a connection

    @Test
    void aHandleThatIsNotAloneMayNotChangeTheSession() throws Exception {
        DataSource source = pool();
        List<Scopes.Body> changes = new ArrayList<>();
        for (String sql : List.of(
                "SET search_path = tb",
                "SET LOCAL search_path = tb",
                "RESET search_path",
                "DISCARD ALL",
                "SELECT set_config('search_path', 'tb', false)",
                "SELECT 1; SET app.tenant = 'b'")) {
            FloodlockFailure failure = refused(Failure.ILLEGAL_TRANSACTION, () -> {
                try (Connection a = source.getConnection()) {
                    Notes.write(a, "a");
                    try (Connection b = source.getConnection()) {
                        Notes.run(b, sql);
                    }
                }
            });
            assertTrue(
                    failure.getMessage().matches("(?s).*shop\\.Notes\\.run:.*used at shop\\.Notes\\.run:.*"),
                    failure.getMessage());
        }
        refused(Failure.ILLEGAL_TRANSACTION, () -> {
            try (Connection a = source.getConnection()) {
                Notes.write(a, "a");
                try (Connection b = source.getConnection()) {
                    Notes.schema(b, "tb");
                }
            }
        });
        assertNull(rows("note"));
    }

    /** Only the server can say what a function does. */
    @Test
    void aFunctionThatChangesTheSessionOfAnotherHandleDoomsTheWhole() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "CREATE OR REPLACE FUNCTION tenant(name text) RETURNS text LANGUAGE sql AS"
                            + " $$ SELECT set_config('app.tenant', name, false) $$;"
                            + " CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'");
        }
        DataSource source = pool();
        FloodlockFailure failure = refused(Failure.TRANSACTION_ROLLED_BACK, () -> {
            try (Connection a = source.getConnection()) {
                Notes.write(a, "a");
                try (Connection b = source.getConnection()) {
                    Notes.run(b, "SELECT tenant('b')");
                }
                Notes.run(a, "INSERT INTO led(t) VALUES ('1')");
            }
        });
        assertTrue(failure.getMessage().contains("app.tenant"), failure.getMessage());
        assertNull(rows("led"));
        Scopes.run(engine, () -> {
            try (Connection a = source.getConnection()) {
                Notes.write(a, "a");
                try (Connection b = source.getConnection()) {
                    Notes.run(b, "SELECT twice(1)");
                }
            }
        });
        assertEquals("(a)", rows("note"), "control");
    }

    /** As a pool would reset what it hands out again. */
    @Test
    void whatAClosedHandleHasChangedIsSetBack() throws Exception {
        DataSource source = pool(config -> config.setMaximumPoolSize(1));
        for (String change : List.of(
                "SET search_path = tb",
                "SELECT set_config('search_path', 'tb', false)",
                "SET LOCAL search_path = tb",
                "SET app.tenant = 'b'",
                "SET statement_timeout = 7000",
                "SET ROLE pg_monitor")) {
            Scopes.run(engine, () -> {
                try (Connection a = source.getConnection()) {
                    Notes.run(a, change);
                }
                try (Connection b = source.getConnection()) {
                    assertEquals(
                            "public||0|postgres",
                            Notes.ask(
                                    b,
                                    "SELECT current_schema() || '|' || coalesce(current_setting('app.tenant', true), '')"
                                            + " || '|' || current_setting('statement_timeout') || '|' || current_user"),
                            change);
                }
            });
        }
        Scopes.run(engine, () -> {
            try (Connection a = source.getConnection()) {
                a.setSchema("ta");
                a.setAutoCommit(false);
                a.setReadOnly(true);
                Notes.ask(a, "SELECT 1");
            }
            try (Connection b = source.getConnection()) {
                assertTrue(b.getAutoCommit());
                assertFalse(b.isReadOnly());
                assertEquals("public", b.getSchema());
                Notes.write(b, "b");
            }
        });
        assertEquals("(b)", rows("note"));
    }

    /** A pool of the application's own, which sets the tenant below what it hands out. */
    @Test
    void aSourceThatSetsItsTenantUnseen() throws Exception {
        String[] tenants = {"a", "a"};
        try (Connection first = DriverManager.getConnection(url);
                Connection second = DriverManager.getConnection(url)) {
            DataSource one = new Woven(engine, new OfTenant(url, first, () -> tenants[0]));
            DataSource two = new Woven(engine, new OfTenant(url, second, () -> tenants[1]));
            for (String tenant : List.of("a", "b", "a")) {
                tenants[1] = tenant;
                Scopes.run(engine, () -> {
                    try (Connection a = one.getConnection();
                            Connection b = two.getConnection()) {
                        Notes.run(a, "INSERT INTO led(t) VALUES ('1')");
                        Notes.run(b, "INSERT INTO led(t) VALUES ('2')");
                    }
                });
            }
        }
        assertEquals("(a,1) (a,1) (a,1) (a,2) (a,2) (b,2)", rows("led"));
    }

    /** The agent opens its own connections beside it, as it has a URL. */
    private static final class OfTenant extends PGSimpleDataSource {

        private static final long serialVersionUID = 1L;

        private final transient Connection physical;
        private final transient Supplier<String> tenant;

        OfTenant(String url, Connection physical, Supplier<String> tenant) {
            setUrl(url);
            this.physical = physical;
            this.tenant = tenant;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Notes.run(physical, "SET app.tenant = '" + tenant.get() + "'");
            return (Connection) Proxy.newProxyInstance(
                    SessionsIT.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                        if (!method.getName().equals("close")) {
                            return method.invoke(physical, args);
                        }
                        if (!physical.getAutoCommit()) {
                            physical.rollback();
                            physical.setAutoCommit(true);
                        }
                        return null;
                    });
        }
    }

    /** The driver itself keeps these. */
    @Test
    void whatTheDriverKeepsIsSetBackToo() throws Exception {
        DataSource source = pool(config -> config.setMaximumPoolSize(1));
        for (boolean used : new boolean[] {true, false}) {
            Scopes.run(engine, () -> {
                try (Connection a = source.getConnection()) {
                    if (used) {
                        Notes.write(a, "a");
                    }
                    a.setNetworkTimeout(Runnable::run, 7_000);
                    a.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
                    a.setTypeMap(Map.of("thing", String.class));
                    Notes.write(a, "a");
                }
                try (Connection b = source.getConnection()) {
                    assertEquals(0, b.getNetworkTimeout());
                    assertEquals(ResultSet.CLOSE_CURSORS_AT_COMMIT, b.getHoldability());
                    assertEquals(Map.of(), b.getTypeMap());
                    Notes.write(b, "b");
                }
            });
        }
        FloodlockFailure failure = refused(Failure.ILLEGAL_TRANSACTION, () -> {
            try (Connection a = source.getConnection()) {
                Notes.write(a, "a");
                try (Connection b = source.getConnection()) {
                    b.setNetworkTimeout(Runnable::run, 7_000);
                }
            }
        });
        assertTrue(failure.getMessage().contains("setNetworkTimeout at"), failure.getMessage());
    }

    /** No text shows what a trigger does. */
    @Test
    void aTriggerThatChangesTheSessionChangesNoOtherHandles() throws Exception {
        url = Servers.database();
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "CREATE TABLE note(t text); CREATE TABLE led(tenant text DEFAULT current_setting('app.tenant', true),"
                            + " t text); CREATE FUNCTION tenant() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " PERFORM set_config('app.tenant', NEW.t, false); RETURN NEW; END $$;"
                            + " CREATE TRIGGER tenant BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION tenant()");
        }
        DataSource source = pool(config -> config.setMaximumPoolSize(2));
        Scopes.run(engine, () -> {
            try (Connection a = source.getConnection()) {
                Notes.write(a, "of_a");
                Notes.run(a, "INSERT INTO led(t) VALUES ('1')");
            }
            try (Connection b = source.getConnection()) {
                Notes.run(b, "INSERT INTO led(t) VALUES ('2')");
            }
        });
        assertEquals("(\"\",2) (of_a,1)", rows("led"));
        FloodlockFailure failure = refused(Failure.TRANSACTION_ROLLED_BACK, () -> {
            try (Connection a = source.getConnection()) {
                Notes.run(a, "INSERT INTO led(t) VALUES ('3')");
                try (Connection b = source.getConnection()) {
                    Notes.write(b, "of_b");
                }
                Notes.run(a, "INSERT INTO led(t) VALUES ('4')");
            }
        });
        assertTrue(failure.getMessage().contains("app.tenant"), failure.getMessage());
        assertEquals("(\"\",2) (of_a,1)", rows("led"));
    }

    /** Then no session stands in for another. */
    @Test
    void settingsWhoseNamesAreMadeUpAtRunTime() throws Exception {
        // by functions of a database of its own, as a text of this JVM's would hold for all tests
        url = Servers.database();
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "CREATE TABLE note(t text); CREATE FUNCTION put(name text, value text) RETURNS text LANGUAGE sql AS"
                            + " 'SELECT set_config(name, value, false)'; CREATE FUNCTION look(name text) RETURNS text"
                            + " LANGUAGE sql AS 'SELECT current_setting(name, true)'");
        }
        assertEquals(
                List.of(SettingNames.SETS_UNNAMED, SettingNames.READS_UNNAMED),
                SettingNames.in(
                                "SELECT set_config(?, 'x', true), current_setting('app.' || ?), set_config('a.b', '', true)")
                        .stream()
                        .filter(name -> name.startsWith("?"))
                        .toList());
        DataSource one = pool();
        DataSource two = pool();
        Scopes.Body body = () -> {
            try (Connection a = one.getConnection()) {
                set(a, "of_a");
                Notes.write(a, get(a));
            }
            try (Connection b = one.getConnection();
                    Connection c = two.getConnection()) {
                Notes.write(b, "b" + get(b));
                set(c, "of_c");
                Notes.write(c, get(c));
                Notes.write(b, "b" + get(b));
            }
        };
        Scopes.run(engine, body);
        assertEquals("(b) (b) (of_a) (of_c)", rows("note"));
    }

    private static void set(Connection connection, String value) throws SQLException {
        Notes.run(connection, "SELECT put('made.up', '" + value + "')");
    }

    private static String get(Connection connection) throws SQLException {
        return Notes.ask(connection, "SELECT coalesce(look('made.up'), '')");
    }

    @Test
    void aPoolsOwnReadOnlyAndCommitModeGoOn() throws Exception {
        DataSource source = pool(config -> {
            config.setReadOnly(true);
            config.setAutoCommit(false);
            config.setMaximumPoolSize(1);
        });
        Scopes.run(engine, () -> {
            for (int i = 0; i < 2; i++) {
                try (Connection connection = source.getConnection()) {
                    assertFalse(connection.getAutoCommit());
                    assertTrue(connection.isReadOnly());
                    assertThrows(SQLException.class, () -> Notes.write(connection, "x"));
                }
            }
        });
    }

    @Test
    void aStrongerIsolationIsRefusedEachTime() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                b.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                Notes.write(a, "a");
                for (int i = 0; i < 2; i++) {
                    assertEquals("serializable", Notes.ask(b, "SHOW transaction_isolation"));
                    assertThrows(
                            FloodlockFailure.class,
                            () -> a.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
                }
            }
        });
        assertEquals("(a)", rows("note"));
    }

    /** Without autocommit the change belongs to a transaction of the connection, whose end would undo it. */
    @Test
    void aSchemaSetWithoutAutocommitBesideAnotherConnectionStays() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection a = Notes.take(source);
                    Connection b = Notes.take(source)) {
                a.setAutoCommit(false);
                Notes.write(b, "b");
                Notes.schema(a, "tb");
                Notes.write(a, "a");
            }
        });
        assertEquals(List.of("(b)", "(a)"), List.of(rows("note"), rows("tb.note")));
    }

    @Test
    void aSchemaSetWithoutAutocommitBeforeTheConnectionIsReadOnlyStays() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection a = Notes.take(source);
                    Connection b = Notes.take(source)) {
                a.setAutoCommit(false);
                Notes.write(b, "b");
                Notes.schema(a, "tb");
                a.commit();
                a.setReadOnly(true);
                assertEquals("tb", Notes.ask(a, "SELECT current_schema()"));
            }
        });
        assertEquals("(b)", rows("note"));
    }

    /** A savepoint is no statement, but the server's transaction is open, and the application's commit keeps it open. */
    @Test
    void aStrongerIsolationAfterASavepointIsRefusedWithBothSites() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection connection = Notes.take(source)) {
                connection.setAutoCommit(false);
                Notes.savepoint(connection);
                connection.commit();
                FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Notes.serializable(connection));
                assertEquals(Failure.ILLEGAL_TRANSACTION, failure.kind());
                assertTrue(
                        failure.getMessage().matches("(?s).*shop\\.Notes\\..*shop\\.Notes\\..*"), failure.getMessage());
                Notes.write(connection, "b");
            }
        });
        assertEquals("(b)", rows("note"));
    }

    @Test
    void aRollbackToASavepointUndoesNoOtherHandlesWork() throws Exception {
        DataSource source = pool();
        FloodlockFailure failure = refused(Failure.ILLEGAL_TRANSACTION, () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                a.setAutoCommit(false);
                b.setAutoCommit(false);
                Notes.ask(b, "SELECT 1");
                Savepoint savepoint = b.setSavepoint();
                Notes.write(b, "b, undone");
                Notes.write(a, "a, wanted");
                b.rollback(savepoint);
            }
        });
        assertTrue(
                failure.getMessage().matches("(?s).*used at shop\\.Notes\\..*used at shop\\.Notes\\..*"),
                failure.getMessage());
        for (String text : List.of("SAVEPOINT s", "SELECT 1; SAVEPOINT s")) {
            refused(Failure.ILLEGAL_TRANSACTION, () -> {
                try (Connection a = source.getConnection();
                        Connection b = source.getConnection()) {
                    Notes.run(b, text);
                    Notes.write(a, "a, wanted");
                    Notes.run(b, "ROLLBACK TO s");
                }
            });
        }
        assertNull(rows("note"));
        Scopes.run(engine, () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                b.setAutoCommit(false);
                Notes.write(a, "before");
                Savepoint savepoint = b.setSavepoint();
                Notes.write(b, "undone");
                assertEquals("2", Notes.ask(a, "SELECT count(*) FROM note"));
                b.rollback(savepoint);
                Notes.run(b, "SAVEPOINT s");
                Notes.write(b, "undone");
                Notes.run(b, "ROLLBACK TO s");
                Notes.write(b, "after");
            }
        });
        assertEquals("(after) (before)", rows("note"), "control: its own work, with reads of others between");
    }

    /** By its name the server would take the other one's. */
    @Test
    void savepointsOfOneNameAreNotMixedUp() throws Exception {
        DataSource source = pool();
        refused(Failure.ILLEGAL_TRANSACTION, () -> {
            try (Connection a = source.getConnection();
                    Connection b = source.getConnection()) {
                a.setAutoCommit(false);
                b.setAutoCommit(false);
                Notes.ask(b, "SELECT 1");
                Savepoint savepoint = a.setSavepoint("step");
                Notes.write(a, "to be undone");
                b.setSavepoint("step");
                a.rollback(savepoint);
            }
        });
        assertNull(rows("note"));
    }

    @Test
    void whatWasMarkedAfterASavepointOutlastsARollbackToIt() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                Notes.write(connection, "kept");
                Savepoint savepoint = connection.setSavepoint();
                Notes.write(connection, "C:\\temp");
                connection.rollback(savepoint);
                Notes.run(connection, "SAVEPOINT again");
                Notes.write(connection, "C:\\temp");
                Notes.run(connection, "ROLLBACK TO again");
                Savepoint unwrapped = connection.setSavepoint();
                connection.unwrap(org.postgresql.PGConnection.class).getNotifications();
                connection.rollback(unwrapped);
                Notes.write(connection, "too");
            }
        });
        assertEquals("(kept) (too)", rows("note"));
    }

    // ---- read-only

    @Test
    void theServerRefusesWritesOfAReader() throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            Notes.run(
                    connection,
                    "CREATE OR REPLACE FUNCTION bump() RETURNS text LANGUAGE sql AS"
                            + " $$ INSERT INTO note VALUES ('bumped') RETURNING t $$;"
                            + " DROP VIEW IF EXISTS bumping; CREATE VIEW bumping AS SELECT bump() AS b");
        }
        DataSource source = pool();
        for (String text : List.of(
                "UPDATE note SET t = ''",
                "EXPLAIN ANALYZE INSERT INTO note VALUES ('explained')",
                "EXPLAIN (ANALYZE) DELETE FROM note",
                "SELECT 1 AS x INTO fresh",
                "SELECT bump()",
                "SELECT * FROM bumping")) {
            SQLException refusal = assertThrows(
                    SQLException.class,
                    () -> Scopes.run(engine, () -> {
                        try (Connection connection = source.getConnection()) {
                            connection.setReadOnly(true);
                            Notes.run(connection, text);
                        }
                    }),
                    text);
            assertEquals("25006", refusal.getSQLState(), text);
        }
        assertNull(rows("note"));
        Scopes.run(engine, () -> {
            try (Connection connection = source.getConnection()) {
                connection.setReadOnly(true);
                assertEquals("0", Notes.ask(connection, "SELECT count(*) FROM note"));
                try (Connection writer = source.getConnection()) {
                    Notes.run(writer, "SELECT bump()");
                    Notes.run(writer, "SAVEPOINT s");
                    assertEquals("1", Notes.ask(connection, "SELECT count(*) FROM note"));
                    Notes.run(writer, "ROLLBACK TO s");
                    assertEquals("1", Notes.ask(connection, "SELECT count(*) FROM note"));
                    Notes.write(writer, "written");
                }
                assertEquals("2", Notes.ask(connection, "SELECT count(*) FROM note"));
            }
        });
        assertEquals("(bumped) (written)", rows("note"), "control: a writer beside it");
    }

    // ---- ends

    @Test
    void statementsEndWithTheirHandle() throws Exception {
        DataSource source = pool();
        PreparedStatement[] kept = new PreparedStatement[2];
        Scopes.run(engine, () -> {
            try (Connection first = source.getConnection()) {
                Notes.write(first, "x");
                kept[0] = first.prepareStatement("SELECT 1");
            }
            assertTrue(kept[0].isClosed());
            assertThrows(SQLException.class, kept[0]::executeQuery);
            kept[1] = source.getConnection().prepareStatement("SELECT 1");
        });
        assertThrows(SQLException.class, kept[1]::executeQuery);
    }

    @Test
    void closedHandlesAreNotKept() throws Exception {
        DataSource source = pool();
        Scopes.run(engine, () -> {
            try (Connection first = source.getConnection()) {
                Notes.write(first, "x");
            }
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            long before = runtime.totalMemory() - runtime.freeMemory();
            for (int i = 0; i < 200_000; i++) {
                source.getConnection().close();
            }
            System.gc();
            long grown = runtime.totalMemory() - runtime.freeMemory() - before;
            assertTrue(grown < 10_000_000, () -> grown + " bytes kept for 200,000 handles");
        });
    }
}
