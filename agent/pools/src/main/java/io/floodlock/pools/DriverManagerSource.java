package io.floodlock.pools;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A DataSource that opens each connection through DriverManager. The application sees only a JDK proxy of it. */
final class DriverManagerSource extends AbstractDataSource {

    private final String url;

    DriverManagerSource(String url) {
        this.url = url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return java.sql.DriverManager.getConnection(url);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return java.sql.DriverManager.getConnection(url, user, password);
    }
}
