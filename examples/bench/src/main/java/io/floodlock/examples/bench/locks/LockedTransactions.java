package io.floodlock.examples.bench.locks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction of five statements on PostgreSQL under a woven lock, in the flavors {@code fenced} and {@code plain}.
 * It reads a counter, increments it and reads it again, which shows whether another transaction wrote in between.
 */
public final class LockedTransactions implements LockKind {

    private static final int CONNECTIONS = 16;

    private final HikariDataSource pool;
    private final boolean fenced;

    public LockedTransactions(Place place) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(place.jdbcUrl() + "&socketFactory=" + CountingSockets.class.getName());
        config.setMaximumPoolSize(CONNECTIONS);
        pool = new HikariDataSource(config);
        fenced = place.flavor().equals("fenced");
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS stock"
                    + " (flavor text, name text, taken bigint NOT NULL, PRIMARY KEY (flavor, name));"
                    + " CREATE TABLE IF NOT EXISTS taking"
                    + " (id bigserial PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())");
        }
    }

    @Override
    public Section exclusive(String name) {
        if (fenced) {
            return body -> {
                takeFenced(name, body);
                return true;
            };
        }
        return body -> {
            takePlain(name, body);
            return true;
        };
    }

    @Override
    public long roundTrips() {
        return CountingSockets.ROUND_TRIPS.sum();
    }

    @PessimisticLock(key = "{name}", waitTime = "5m", fenced = true)
    private void takeFenced(String name, Runnable body) throws SQLException {
        take("fenced", name, body);
    }

    @PessimisticLock(key = "{name}", waitTime = "5m")
    private void takePlain(String name, Runnable body) throws SQLException {
        take("plain", name, body);
    }

    private void take(String flavor, String name, Runnable body) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            CountingSockets.begin();
            connection.setAutoCommit(false);
            run(connection, "INSERT INTO stock VALUES (?, ?, 0) ON CONFLICT DO NOTHING", flavor, name);
            long before = taken(connection, flavor, name);
            body.run();
            run(connection, "UPDATE stock SET taken = taken + 1 WHERE flavor = ? AND name = ?", flavor, name);
            run(connection, "INSERT INTO taking (name) VALUES (? || ?)", flavor, name);
            if (taken(connection, flavor, name) != before + 1) {
                throw new IllegalStateException("another transaction wrote " + name);
            }
            connection.commit();
        } finally {
            CountingSockets.end();
        }
    }

    private static long taken(Connection connection, String flavor, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT taken FROM stock WHERE flavor = ? AND name = ?")) {
            statement.setString(1, flavor);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void run(Connection connection, String sql, String flavor, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, flavor);
            statement.setString(2, name);
            statement.executeUpdate();
        }
    }
}
