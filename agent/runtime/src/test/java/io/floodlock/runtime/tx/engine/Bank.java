package io.floodlock.runtime.tx.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.tx.TxEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database with accounts of 1000 each, as an application sees it and as a test looks into it from beside. */
public final class Bank implements AutoCloseable {

    private final String url;
    private final HikariDataSource pool;
    private final DataSource source;

    private Bank(TxEngine engine, String url, int accounts, int connections) {
        this.url = url;
        if (accounts > 0) {
            create(accounts);
        }
        if (connections > 0) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(connections);
            config.setMinimumIdle(0);
            pool = new HikariDataSource(config);
            source = new Woven(engine, pool);
        } else {
            pool = null;
            PGSimpleDataSource simple = new PGSimpleDataSource();
            simple.setUrl(url);
            source = new Woven(engine, simple);
        }
    }

    private void create(int accounts) {
        run("CREATE TABLE IF NOT EXISTS account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))");
        run("INSERT INTO account SELECT i, 1000 FROM generate_series(1, " + accounts
                + ") i ON CONFLICT (id) DO NOTHING");
    }

    static Bank pooled(TxEngine engine, String url) {
        return pooled(engine, url, 4);
    }

    public static Bank pooled(TxEngine engine, String url, int connections) {
        return new Bank(engine, url, 10, connections);
    }

    public static Bank simple(TxEngine engine, String url) {
        return new Bank(engine, url, 10, 0);
    }

    /** As a user that finds the accounts there. */
    public static Bank existing(TxEngine engine, String url) {
        return new Bank(engine, url, 0, 4);
    }

    public String url() {
        return url;
    }

    HikariDataSource pool() {
        return pool;
    }

    public DataSource source() {
        return source;
    }

    Connection connection() throws SQLException {
        return source.getConnection();
    }

    /** As a DAO does it: takes a connection, gives it back. */
    public void add(int account, long amount) throws SQLException {
        try (Connection connection = connection()) {
            add(connection, account, amount);
        }
    }

    static void add(Connection connection, int account, long amount) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            statement.setLong(1, amount);
            statement.setInt(2, account);
            statement.executeUpdate();
        }
    }

    long read(int account) throws SQLException {
        try (Connection connection = connection();
                PreparedStatement statement = connection.prepareStatement("SELECT balance FROM account WHERE id = ?")) {
            statement.setInt(1, account);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Lets the agent see the DataSource. */
    void balanceThroughAgent() {
        try {
            read(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- from beside

    long balance(int account) {
        return number("SELECT balance FROM account WHERE id = " + account);
    }

    long prepared() {
        return number("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()");
    }

    /** Rows of that state; -1 without the table. */
    public long decisions(char state) {
        return number("SELECT to_regclass('floodlock_tx') IS NOT NULL AS there") == 0
                ? -1
                : number("SELECT count(*) FROM floodlock_tx WHERE state = '" + state + "'");
    }

    long number(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getObject(1) instanceof Boolean flag ? (flag ? 1 : 0) : row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public String text(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public void run(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
