package io.floodlock.examples.bench;

import io.floodlock.DistributedTx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * One transfer between two databases, implemented in three ways, and one within a single database; on random
 * accounts.
 */
final class Transfers {

    static final int ACCOUNTS = 10_000;

    private final DataSource first;
    private final DataSource second;

    Transfers(DataSource first, DataSource second) {
        this.first = first;
        this.second = second;
    }

    @DistributedTx
    void woven() throws SQLException {
        try (Connection from = first.getConnection();
                Connection to = second.getConnection()) {
            add(from, -1);
            add(to, 1);
        }
    }

    /** Not atomic: no protocol can be faster than this. */
    void plainCommits() throws SQLException {
        try (Connection from = first.getConnection();
                Connection to = second.getConnection()) {
            from.setAutoCommit(false);
            to.setAutoCommit(false);
            add(from, -1);
            add(to, 1);
            from.commit();
            to.commit();
        }
    }

    /** Both accounts in one database. */
    void oneCommit() throws SQLException {
        try (Connection connection = first.getConnection()) {
            connection.setAutoCommit(false);
            add(connection, -1);
            add(connection, 1);
            connection.commit();
        }
    }

    /** Atomic only if nothing fails: the recovery that it would also need is missing here, and so costs nothing. */
    void lastResource() throws SQLException {
        String gid = UUID.randomUUID().toString();
        try (Connection from = first.getConnection();
                Connection to = second.getConnection()) {
            from.setAutoCommit(false);
            to.setAutoCommit(false);
            add(from, -1);
            add(to, 1);
            run(to, "PREPARE TRANSACTION '" + gid + "'");
            try (PreparedStatement decide = from.prepareStatement("INSERT INTO decision (gid) VALUES (?)")) {
                decide.setString(1, gid);
                decide.executeUpdate();
            }
            from.commit();
            to.setAutoCommit(true);
            run(to, "COMMIT PREPARED '" + gid + "'");
        }
    }

    private static void add(Connection connection, int amount) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            statement.setInt(1, amount);
            statement.setInt(2, ThreadLocalRandom.current().nextInt(ACCOUNTS));
            statement.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
