package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.Notes;

/**
 * Random calls that change sessions, and writes between them, over two handles: with the transaction the rows stand where they
 * stand without it, each handle on a session of its own, or the transaction is refused and nothing stands anywhere.
 */
class SessionPropertyIT {

    private static final int CASES = Integer.getInteger("cases", 200);

    /** In place of rows: the server refuses a step. */
    private static final String REFUSED = "refused";

    private final List<HikariDataSource> pools = new ArrayList<>();
    private Transactions engine;
    private String url;
    /** Looks from outside; one for all cases, as a session takes the server longer than most cases. */
    private Connection outside;

    @BeforeEach
    void open() throws SQLException {
        engine = new Transactions(Settings.of(Map.of("namespace", "test")), Events.NONE, () -> null);
        url = Servers.shared(2);
        outside = DriverManager.getConnection(url);
        Notes.run(
                outside,
                "DROP SCHEMA IF EXISTS ta, tb CASCADE; CREATE SCHEMA ta; CREATE SCHEMA tb; DROP TABLE IF EXISTS entry;"
                        + " DO $$ BEGIN CREATE ROLE tenant_role; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                        + " CREATE OR REPLACE FUNCTION public.enter(name text) RETURNS text LANGUAGE sql AS"
                        + " $$ SELECT set_config('app.tenant', name, false) $$;"
                        + " GRANT USAGE ON SCHEMA public, ta, tb TO tenant_role");
        for (String schema : List.of("public", "ta", "tb")) {
            Notes.run(
                    outside,
                    "CREATE TABLE " + schema + ".entry(n int, place text DEFAULT '" + schema
                            + "', tenant text DEFAULT coalesce(nullif(current_setting('app.tenant', true), ''), '-'),"
                            + " role text DEFAULT current_user,"
                            + " level text DEFAULT current_setting('transaction_isolation'));"
                            + " GRANT ALL ON " + schema + ".entry TO tenant_role");
        }
    }

    @AfterEach
    void close() throws SQLException {
        outside.close();
        pools.forEach(HikariDataSource::close);
        engine.close();
    }

    private DataSource pool(String initSql) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        config.setConnectionInitSql(initSql);
        // without it HikariCP itself hands out what setSchema() has left
        config.setSchema("public");
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return new Woven(engine, pool);
    }

    @Test
    void rowsStandWhereTheyStandWithoutTheTransaction() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SessionPropertyIT -Dseed=" + seed);
        Random random = new Random(seed);
        int committed = 0;
        int written = 0;
        for (int i = 0; i < CASES; i++) {
            List<Step> steps = steps(random);
            boolean twoPools = random.nextBoolean();
            String expected = plain(steps);
            String actual;
            try {
                actual = inTransaction(steps, twoPools);
            } catch (FloodlockFailure refusal) {
                assertTrue(
                        refusal.getMessage().matches("(?s).*shop\\.Notes\\..*shop\\.Notes\\..*")
                                || refusal.getMessage().contains("was refused"),
                        () -> steps + ": " + refusal.getMessage());
                assertEquals("", rows(), () -> "refused, but something is committed: " + steps);
                continue;
            }
            if (actual.equals(REFUSED)) {
                // a driver asks no server to refuse what a read-only handle writes in autocommit mode, and we do;
                // and serializable transactions may be in each other's way only as they are open together
                assertTrue(
                        expected.equals(REFUSED)
                                || steps.toString().contains("setReadOnly")
                                || steps.toString().contains("SERIALIZABLE"),
                        () -> "seed " + seed + ": " + steps);
                continue;
            }
            assertEquals(expected, actual, () -> "seed " + seed + ": " + steps);
            committed++;
            written += expected.isEmpty() ? 0 : 1;
        }
        System.out.println(committed + " of " + CASES + " committed");
        assertTrue(written > CASES / 5, committed + " committed: the rest was refused");
    }

    /** Control: the same steps on one session for both handles are told apart. */
    @Test
    void oneSessionForBothHandlesIsNoticed() throws Exception {
        Random random = new Random(1);
        int noticed = 0;
        for (int i = 0; i < 30; i++) {
            List<Step> steps = steps(random);
            String expected = plain(steps);
            try (Connection both = DriverManager.getConnection(url)) {
                for (Step step : steps) {
                    step.take(new Handle(both, null));
                }
                if (!both.getAutoCommit()) {
                    both.commit();
                }
            } catch (SQLException e) {
                noticed++;
                truncate();
                continue;
            }
            noticed += expected.equals(rows()) ? 0 : 1;
            truncate();
        }
        assertFalse(noticed < 5, "only " + noticed);
    }

    // ---- steps

    private static final class Handle {
        private Connection connection;
        private final DataSource source;
        private Savepoint savepoint;

        Handle(Connection connection, DataSource source) {
            this.connection = connection;
            this.source = source;
        }

        /** What was open, where its application commits by itself. */
        void commit() throws SQLException {
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            savepoint = null;
        }

        void close() throws SQLException {
            commit();
            connection.close();
        }
    }

    private static final class UncheckedSqlException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UncheckedSqlException(SQLException cause) {
            super(cause);
        }
    }

    private interface Action {
        void take(Handle handle) throws SQLException;
    }

    private record Step(int handle, String name, Action action) {

        void take(Handle... handles) throws SQLException {
            action.take(handles[handle % handles.length]);
        }

        @Override
        public String toString() {
            return "ab".charAt(handle) + ": " + name;
        }
    }

    private static Step sql(int handle, String text) {
        return new Step(handle, text, h -> Notes.run(h.connection, text));
    }

    private List<Step> steps(Random random) {
        List<Step> steps = new ArrayList<>();
        int length = 3 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            int handle = random.nextInt(2);
            String letter = random.nextBoolean() ? "a" : "b";
            int number = i;
            boolean staysReadOnly = random.nextInt(8) == 0;
            steps.add(
                    switch (random.nextInt(25)) {
                        case 0 -> sql(handle, "SET search_path = t" + letter);
                        case 1 ->
                            new Step(handle, "setSchema t" + letter, h -> Notes.schema(h.connection, "t" + letter));
                        case 2 -> sql(handle, "SET app.tenant = '" + letter + "'");
                        case 3 -> sql(handle, "SELECT set_config('app.tenant', '" + letter + "', false)");
                        case 4 -> sql(handle, "SELECT public.enter('" + letter + "')");
                        case 5 -> sql(handle, random.nextBoolean() ? "RESET search_path" : "RESET app.tenant");
                        case 6 ->
                            new Step(handle, "close and take another", h -> {
                                if (h.source != null) {
                                    h.close();
                                    h.connection = Notes.take(h.source);
                                }
                            });
                        case 7 ->
                            new Step(handle, "setReadOnly and read", h -> {
                                h.commit();
                                h.connection.setReadOnly(true);
                                Notes.ask(h.connection, "SELECT count(*) FROM entry");
                                h.commit();
                                h.connection.setReadOnly(staysReadOnly);
                            });
                        case 8 -> sql(handle, random.nextBoolean() ? "SET ROLE tenant_role" : "RESET ROLE");
                        case 9 ->
                            new Step(handle, "SERIALIZABLE", h -> {
                                h.commit();
                                Notes.serializable(h.connection);
                            });
                        case 10 -> new Step(handle, "setCatalog", h -> Notes.catalog(h.connection));
                        case 11 ->
                            new Step(handle, "setAutoCommit " + letter, h -> {
                                h.connection.setAutoCommit(letter.equals("a"));
                                h.savepoint = null;
                            });
                        case 12 ->
                            new Step(handle, "savepoint", h -> {
                                h.connection.setAutoCommit(false);
                                h.savepoint = Notes.savepoint(h.connection);
                            });
                        case 13 ->
                            new Step(handle, "rollback to savepoint", h -> {
                                if (h.savepoint != null) {
                                    Notes.rollback(h.connection, h.savepoint);
                                }
                            });
                        default -> sql(handle, "INSERT INTO entry(n) VALUES (" + number + ")");
                    });
        }
        return steps;
    }

    /** Each handle has a session of its own, and each further one a new session. */
    private String plain(List<Step> steps) throws SQLException {
        DataSource fresh = new org.postgresql.ds.PGSimpleDataSource();
        ((org.postgresql.ds.PGSimpleDataSource) fresh).setUrl(url);
        Handle a = new Handle(fresh.getConnection(), fresh);
        Handle b = new Handle(fresh.getConnection(), fresh);
        try {
            for (Step step : steps) {
                step.take(a, b);
            }
            a.close();
            b.close();
            return rows();
        } catch (SQLException e) {
            // a write through a read-only handle, or without a right
            return REFUSED;
        } finally {
            a.connection.close();
            b.connection.close();
            truncate();
        }
    }

    private String inTransaction(List<Step> steps, boolean twoPools) throws Exception {
        // new pools each time: what SQL text has set would stay in a pool's connections without the transaction too
        DataSource one = pool("SELECT 1");
        DataSource two = twoPools ? pool("SELECT 2") : one;
        try {
            Scopes.run(engine, () -> {
                Handle a = new Handle(Notes.take(one), one);
                Handle b = new Handle(Notes.take(two), two);
                try {
                    for (Step step : steps) {
                        step.take(a, b);
                    }
                    a.close();
                    b.close();
                } catch (SQLException e) {
                    // a checked exception would not roll back
                    throw new UncheckedSqlException(e);
                } finally {
                    a.connection.close();
                    b.connection.close();
                }
            });
            return rows();
        } catch (UncheckedSqlException e) {
            String state = ((SQLException) e.getCause()).getSQLState();
            assertTrue(List.of("25006", "40001", "42501").contains(state), () -> steps + ": " + e.getCause());
            assertEquals("", rows(), () -> "refused, but something is committed: " + steps);
            return REFUSED;
        } finally {
            truncate();
            pools.forEach(HikariDataSource::close);
            pools.clear();
        }
    }

    private String rows() throws SQLException {
        return Notes.ask(
                outside,
                "SELECT coalesce(string_agg(e::text, ' ' ORDER BY n), '') FROM (SELECT * FROM public.entry"
                        + " UNION ALL SELECT * FROM ta.entry UNION ALL SELECT * FROM tb.entry) e");
    }

    private void truncate() throws SQLException {
        Notes.run(outside, "TRUNCATE public.entry, ta.entry, tb.entry");
    }
}
