package io.floodlock.examples.chaos.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes into the ledger which calls were acknowledged and which bodies ran. A run is committed when {@link #ran}
 * returns, or with the transaction around it. Acknowledgements are written by a thread of their own; those that a
 * killed JVM had not written are never missed. Thread-safe.
 */
final class CallBook {

    private static final int CONNECTIONS = 8;
    private static final long PAUSE_MILLIS = 50;
    private static final long CONNECT_MILLIS = 5_000;

    private final HikariDataSource ledger;
    private final HikariDataSource effects;
    private final LinkedBlockingQueue<Acknowledged> acknowledged = new LinkedBlockingQueue<>();

    private record Acknowledged(String key, String producer, int number, long begun) {}

    /**
     * @param ledger a way to the database that no fault hits
     * @param effects the way that bodies take
     */
    CallBook(String ledger, String effects) {
        this.ledger = pool("ledger", ledger, 2);
        this.effects = pool("effects", effects, CONNECTIONS);
        Thread writer = new Thread(this::write, "acknowledgements");
        writer.setDaemon(true);
        writer.start();
    }

    private static HikariDataSource pool(String name, String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECT_MILLIS);
        return new HikariDataSource(config);
    }

    void ran(String key, String producer, int number) throws SQLException {
        try (Connection connection = effects.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO ran (key, producer, number) VALUES (?, ?, ?)")) {
            statement.setString(1, key);
            statement.setString(2, producer);
            statement.setInt(3, number);
            statement.executeUpdate();
        }
    }

    /** A body makes a call, which counts as acknowledged once the body has taken effect. */
    void makes(String key, String producer, int number) throws SQLException {
        write(effects, List.of(new Acknowledged(key, producer, number, System.nanoTime())));
    }

    /** A transaction of plain JDBC makes a call, which counts as acknowledged once the transaction has committed. */
    void makesInTransaction(String key, String producer, int number, Locking.Body call) throws Exception {
        try (Connection connection = effects.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, List.of(new Acknowledged(key, producer, number, System.nanoTime())));
            call.run();
            connection.commit();
        }
    }

    /** @param begun when the call began: a JVM may be stopped between Redis's answer and this */
    void acknowledged(String key, String producer, int number, long begun) {
        acknowledged.add(new Acknowledged(key, producer, number, begun));
    }

    /** Writes all acknowledgements so far. */
    synchronized void flush() throws SQLException {
        List<Acknowledged> batch = new ArrayList<>();
        acknowledged.drainTo(batch);
        if (!batch.isEmpty()) {
            write(ledger, batch);
        }
    }

    private void write() {
        while (true) {
            try {
                Thread.sleep(PAUSE_MILLIS);
                flush();
            } catch (InterruptedException e) {
                return;
            } catch (SQLException e) {
                throw new IllegalStateException("the ledger can't be written", e);
            }
        }
    }

    private static void write(HikariDataSource to, List<Acknowledged> batch) throws SQLException {
        try (Connection connection = to.getConnection()) {
            insert(connection, batch);
        }
    }

    private static void insert(Connection connection, List<Acknowledged> batch) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO acknowledged VALUES (?, ?, ?, ?)")) {
            for (Acknowledged call : batch) {
                statement.setString(1, call.key);
                statement.setString(2, call.producer);
                statement.setInt(3, call.number);
                statement.setLong(4, call.begun);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
