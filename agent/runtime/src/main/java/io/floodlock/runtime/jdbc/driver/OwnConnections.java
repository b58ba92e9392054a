package io.floodlock.runtime.jdbc.driver;

import java.lang.reflect.Field;
import java.security.Principal;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * Opens connections of the agent's own beside an application's pool, with its credentials. The agent must work while
 * every pooled connection is in use, and must not hold any of them. It tries, in this order:
 *
 * <ol>
 *   <li>the DataSource that a HikariCP pool takes its connections from, if it was given one;
 *   <li>the driver itself, with URL, user and password from the pool's getters (HikariCP, DBCP, Tomcat, Druid, Agroal);
 *   <li>the DataSource's own {@code getConnection()}. It is right for a driver's DataSource. For a pool that supplies
 *       neither of the above it is the only way left, and the pool needs one connection to spare. A DataSource that
 *       takes part in JTA hands out a connection that belongs to the thread's transaction.
 * </ol>
 *
 * <p>What a pool does to its connections after opening them (init statements, a role or schema set later) is not
 * repeated. Names and getters are read at every opening, so that credentials may be rotated. Thread-safe.
 */
public final class OwnConnections {

    /** Driver classes, by the beginning of their URLs. */
    private static final Map<String, String> DRIVERS = Map.of(
            "jdbc:postgresql:", "org.postgresql.Driver",
            "jdbc:mariadb:", "org.mariadb.jdbc.Driver");

    private OwnConnections() {}

    /** Opens a connection that the caller must close. */
    public static Connection open(DataSource source) throws SQLException {
        DriverCallDepth.enter();
        try {
            Connection opened = fromInner(source);
            if (opened == null) {
                opened = fromAgroal(source);
            }
            if (opened == null) {
                opened = fromDriver(source);
            }
            return opened == null ? source.getConnection() : opened;
        } finally {
            DriverCallDepth.leave();
        }
    }

    /** The part of a URL that may be shown: no user, password or other parameter. */
    public static String shown(String url) {
        String shown = url;
        int parameters = shown.indexOf('?');
        if (parameters >= 0) {
            shown = shown.substring(0, parameters);
        }
        int host = shown.indexOf("//");
        return host >= 0 ? shown.substring(host + 2) : shown;
    }

    private static Connection fromInner(DataSource source) throws SQLException {
        if (!source.getClass().getName().equals("com.zaxxer.hikari.HikariDataSource")) {
            return null;
        }
        DataSource inner =
                PoolGetters.get(source, "getDataSource") instanceof DataSource given ? given : poolsOwn(source);
        if (inner == null || PoolGetters.text(source, "getJdbcUrl") != null) {
            return null;
        }
        String user = PoolGetters.text(source, "getUsername");
        return user == null
                ? inner.getConnection()
                : inner.getConnection(user, PoolGetters.text(source, "getPassword"));
    }

    /** The DataSource that the pool itself created from {@code dataSourceClassName}. */
    private static DataSource poolsOwn(DataSource source) {
        try {
            Field field = source.getClass().getDeclaredField("pool");
            field.setAccessible(true);
            Object pool = field.get(source);
            return pool != null && PoolGetters.get(pool, "getUnwrappedDataSource") instanceof DataSource inner
                    ? inner
                    : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** For Quarkus's pool, whose own connections would be part of the JTA transaction that is open on the thread. */
    private static Connection fromAgroal(DataSource source) throws SQLException {
        if (!source.getClass().getName().startsWith("io.agroal.")) {
            return null;
        }
        Object pool = PoolGetters.get(PoolGetters.get(source, "getConfiguration"), "connectionPoolConfiguration");
        Object factory = PoolGetters.get(pool, "connectionFactoryConfiguration");
        String url = PoolGetters.text(factory, "jdbcUrl");
        Driver driver = url == null ? null : driver(source, url);
        if (driver == null) {
            return null;
        }
        Properties properties = new Properties();
        copy(properties, PoolGetters.get(factory, "jdbcProperties"));
        if (PoolGetters.get(factory, "principal") instanceof Principal principal) {
            put(properties, "user", principal.getName());
        }
        if (PoolGetters.get(factory, "credentials") instanceof Collection<?> credentials) {
            for (Object credential : credentials) {
                put(properties, "password", PoolGetters.text(credential, "getWord"));
            }
        }
        return driver.connect(url, properties);
    }

    private static Connection fromDriver(DataSource source) throws SQLException {
        String url = PoolGetters.text(source, "getJdbcUrl", "getUrl");
        Driver driver = url == null || isDrivers(source) ? null : driver(source, url);
        if (driver == null) {
            return null;
        }
        Properties properties = new Properties();
        copy(properties, PoolGetters.get(source, "getDataSourceProperties"));
        put(properties, "user", PoolGetters.text(source, "getUsername", "getUser"));
        put(properties, "password", PoolGetters.text(source, "getPassword"));
        return driver.connect(url, properties);
    }

    private static void copy(Properties to, Object from) {
        if (from instanceof Properties more) {
            to.putAll(more);
        }
    }

    /** Null if the URL is not that of a supported driver, or the driver is not found. */
    private static Driver driver(DataSource source, String url) {
        String className = driverOf(url);
        Driver driver =
                className == null ? null : driver(className, source.getClass().getClassLoader());
        return driver != null || className == null
                ? driver
                : driver(className, Thread.currentThread().getContextClassLoader());
    }

    private static String driverOf(String url) {
        for (Map.Entry<String, String> known : DRIVERS.entrySet()) {
            if (url.startsWith(known.getKey())) {
                return known.getValue();
            }
        }
        return null;
    }

    private static boolean isDrivers(DataSource source) {
        String name = source.getClass().getName();
        return name.startsWith("org.postgresql.") || name.startsWith("org.mariadb.jdbc.");
    }

    private static Driver driver(String className, ClassLoader loader) {
        try {
            return (Driver)
                    Class.forName(className, true, loader).getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            return null;
        }
    }

    private static void put(Properties properties, String name, String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }
}
