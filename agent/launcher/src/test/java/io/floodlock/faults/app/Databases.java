package io.floodlock.faults.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.sql.DataSource;

/** Ordinary connection pools, one for each system property {@code db.name}. */
final class Databases {

    private static final ConcurrentMap<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();

    private Databases() {}

    static Connection connect(String name) throws SQLException {
        return source(name).getConnection();
    }

    static DataSource source(String name) {
        return POOLS.computeIfAbsent(name, Databases::pool);
    }

    private static HikariDataSource pool(String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(System.getProperty("db." + name));
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Writes a line to {@code ledger}, over a connection of its own that is closed at once. */
    static void write(String database, String line) throws SQLException {
        try (Connection connection = connect(database)) {
            insert(connection, line);
        }
    }

    static void insert(Connection connection, String line) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger (line) VALUES (?)")) {
            insert.setString(1, line);
            insert.executeUpdate();
        }
    }
}
