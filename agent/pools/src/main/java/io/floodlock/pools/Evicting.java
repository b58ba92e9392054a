package io.floodlock.pools;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.commons.dbcp2.BasicDataSource;
import org.vibur.dbcp.ViburDBCPDataSource;

/** A pool of one connection that can evict it. Tests whether the pool then opens a new physical connection. */
final class Evicting {

    private interface Eviction {
        void evict(Connection connection) throws SQLException;
    }

    private final Source source;
    private final Eviction eviction;

    private Evicting(Source source, Eviction eviction) {
        this.source = source;
        this.eviction = eviction;
    }

    static Evicting of(String name, String url) {
        return switch (name) {
            case "hikari" -> {
                HikariDataSource pool = Sources.hikari(url);
                pool.setMaximumPoolSize(1);
                yield new Evicting(pool::getConnection, pool::evictConnection);
            }
            case "dbcp2" -> {
                BasicDataSource pool = Sources.dbcp2(url);
                pool.setMaxTotal(1);
                yield new Evicting(pool::getConnection, pool::invalidateConnection);
            }
            case "vibur" -> {
                ViburDBCPDataSource pool = Sources.vibur(url);
                yield new Evicting(pool::getConnection, pool::severConnection);
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    String evict() throws SQLException {
        Connection first = source.connect();
        int evicted = backend(first);
        eviction.evict(first);
        return compared(evicted);
    }

    String giveBack() throws SQLException {
        int first;
        try (Connection connection = source.connect()) {
            first = backend(connection);
        }
        return compared(first);
    }

    private String compared(int first) throws SQLException {
        try (Connection next = source.connect()) {
            return backend(next) == first ? "the same" : "another";
        }
    }

    /** Process id of the server backend, which identifies the physical connection. */
    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
