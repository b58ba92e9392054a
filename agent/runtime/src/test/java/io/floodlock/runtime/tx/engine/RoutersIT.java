package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.testkit.Await;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.Notes;

/** What routes or wraps is asked for each connection: a tenant that is switched inside a scope reaches its own database. */
class RoutersIT {

    private final String[] urls = new String[2];
    private final HikariDataSource[] pools = new HikariDataSource[2];
    private final DataSource[] woven = new DataSource[2];
    private Transactions engine;
    private int tenant;

    @BeforeEach
    void open() throws SQLException {
        engine = new Transactions(Settings.of(Map.of("namespace", "test")), Events.NONE, () -> null);
        for (int i = 0; i < 2; i++) {
            urls[i] = Servers.shared(i);
            beside(
                    i,
                    "DROP SCHEMA IF EXISTS ta CASCADE; DROP TABLE IF EXISTS note; CREATE TABLE note(t text);"
                            + " CREATE SCHEMA ta; CREATE TABLE ta.note(t text)");
            pools[i] = new HikariDataSource(config(i));
            woven[i] = new Woven(engine, pools[i]);
        }
    }

    /** One connection: a second one that is taken by mistake is missed. */
    private HikariConfig config(int number) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(urls[number]);
        config.setMaximumPoolSize(1);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        return config;
    }

    @AfterEach
    void close() {
        for (HikariDataSource pool : pools) {
            pool.close();
        }
        engine.close();
    }

    private void beside(int number, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(urls[number])) {
            Notes.run(connection, sql);
        }
    }

    private List<String> rows() throws SQLException {
        String[] rows = new String[2];
        for (int i = 0; i < 2; i++) {
            try (Connection connection = DriverManager.getConnection(urls[i])) {
                rows[i] = Notes.ask(connection, "SELECT string_agg(t, ' ' ORDER BY t) FROM note");
            }
        }
        return List.of(rows);
    }

    private void routes(DataSource source) throws Exception {
        Scopes.Body body = () -> {
            for (int i = 0; i < 4; i++) {
                tenant = i % 2;
                try (Connection connection = source.getConnection()) {
                    Notes.write(connection, "of" + tenant);
                    Notes.write(connection, "of" + tenant);
                }
            }
        };
        List<String> expected = List.of("of0 of0 of0 of0", "of1 of1 of1 of1");
        body.run();
        assertEquals(expected, rows(), "control");
        beside(0, "TRUNCATE note");
        beside(1, "TRUNCATE note");
        Scopes.run(engine, body);
        assertEquals(expected, rows());
        for (HikariDataSource pool : pools) {
            // recovery looks in from time to time through what hides its pool
            Await.until(
                    "all given back",
                    Duration.ofSeconds(10),
                    () -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    private <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private interface Source {
        Connection connect() throws SQLException;
    }

    private DataSource source(Source source) {
        return new Woven(engine, proxy(DataSource.class, (self, method, args) -> switch (method.getName()) {
            case "getConnection" -> source.connect();
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == args[0];
            default -> null;
        }));
    }

    private static Object call(Object on, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void aRouter() throws Exception {
        routes(source(() -> woven[tenant].getConnection()));
    }

    @Test
    void aRouterOfProxies() throws Exception {
        routes(source(() -> {
            Connection connection = woven[tenant].getConnection();
            return proxy(Connection.class, (self, method, args) -> call(connection, method, args));
        }));
    }

    /** Nothing tells what lies below these but what they do. */
    @Test
    void aRouterOfProxiesThatHideWhatTheyWrap() throws Exception {
        routes(source(() -> {
            Connection connection = woven[tenant].getConnection();
            return proxy(Connection.class, (self, method, args) -> switch (method.getName()) {
                case "isWrapperFor" -> false;
                case "unwrap" -> throw new SQLException("wraps nothing");
                default -> call(connection, method, args);
            });
        }));
    }

    /** As a spying proxy over a lazy one over a router. */
    @Test
    void aRouterThatIsAskedAtTheFirstStatement() throws Exception {
        DataSource router = source(() -> woven[tenant].getConnection());
        DataSource lazy = source(() -> {
            Connection[] target = new Connection[1];
            return proxy(Connection.class, (self, method, args) -> {
                if (target[0] == null) {
                    switch (method.getName()) {
                        case "close" -> {
                            return null;
                        }
                        case "getAutoCommit" -> {
                            return true;
                        }
                        case "isReadOnly", "isClosed" -> {
                            return false;
                        }
                        default -> target[0] = router.getConnection();
                    }
                }
                return call(target[0], method, args);
            });
        });
        routes(source(lazy::getConnection));
    }

    /** The subclass's own method and the one that it overrides are both woven. */
    @Test
    void aSubclassOfAPoolThatSetsItsTenant() throws Exception {
        class Tenants extends HikariDataSource {
            Tenants(HikariConfig config) {
                super(config);
            }

            private Connection pooled() throws SQLException {
                Connection again = engine.reuse(this, HikariDataSource.class, failure -> failure);
                return again != null
                        ? again
                        : engine.wrap(this, HikariDataSource.class, super.getConnection(), failure -> failure);
            }

            @Override
            public Connection getConnection() throws SQLException {
                Connection again = engine.reuse(this, Tenants.class, failure -> failure);
                if (again != null) {
                    return again;
                }
                Connection connection = pooled();
                connection.setSchema(tenant == 0 ? "public" : "ta");
                return engine.wrap(this, Tenants.class, connection, failure -> failure);
            }
        }
        try (Tenants tenants = new Tenants(config(0))) {
            Scopes.run(engine, () -> {
                for (int i = 0; i < 4; i++) {
                    tenant = i % 2;
                    try (Connection connection = tenants.getConnection()) {
                        Notes.write(connection, "of" + tenant);
                    }
                }
            });
        }
        try (Connection connection = DriverManager.getConnection(urls[0])) {
            assertEquals(
                    "of0 of0/of1 of1",
                    Notes.ask(
                            connection,
                            "SELECT (SELECT string_agg(t, ' ') FROM note) || '/' || (SELECT string_agg(t, ' ') FROM ta.note)"));
        }
    }

    /** One that is asked for something else meanwhile passes on no connection of that. */
    @Test
    void aSourceThatLooksUpItsTenantElsewhere() throws Exception {
        // one for the look-up, one for what asks the source beside it
        pools[0].getHikariConfigMXBean().setMaximumPoolSize(3);
        DataSource source = source(() -> {
            try (Connection connection = woven[0].getConnection()) {
                Notes.ask(connection, "SELECT 1");
            }
            return DriverManager.getConnection(urls[tenant]);
        });
        Scopes.Body body = () -> {
            tenant = 1;
            try (Connection connection = source.getConnection()) {
                Notes.write(connection, "of1");
            }
            throw new IllegalStateException("all is rolled back");
        };
        try {
            Scopes.run(engine, body);
        } catch (IllegalStateException e) {
            try (Connection connection = DriverManager.getConnection(urls[1])) {
                assertEquals("0", Notes.ask(connection, "SELECT count(*) FROM note"));
            }
        }
    }
}
