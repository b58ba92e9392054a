package io.floodlock.examples.chaos.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.Floodlock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads, thinks and writes under locks, in two databases. Each write counts a cell up by one from what it has read, and leaves
 * an entry with the new count in the same transaction; some take two transactions for it and leave the cell half done in
 * between. Reads look twice, in two transactions, and leave what they have seen in the second. So the databases tell in the
 * end what happened, whatever a client was told of its commit.
 */
final class FenceWorker {

    private static final int THREADS = 6;
    private static final int LONGEST_THOUGHT_MILLIS = 150;

    /** Waiting for the lock, or for Redis's answer or first connection, and then some for a busy machine. */
    private static final long PATIENCE_MILLIS = 9_000;

    /** And for rows that a stopped JVM's transaction keeps. */
    private static final long DATABASE_PATIENCE_MILLIS = 30_000;

    private final String locks = System.getProperty("chaos.locking");
    private final Locking locking = Locking.of(locks, System.getProperty("chaos.redis"));
    private final int cells = Integer.getInteger("chaos.keys");
    private final String life =
            Integer.getInteger("chaos.jvm") + "/" + ProcessHandle.current().pid() + "/";
    private final AtomicLong operations = new AtomicLong();
    private final Map<String, HikariDataSource> databases =
            Map.of("postgres", pool("chaos.postgres"), "mariadb", pool("chaos.mariadb"));

    private static HikariDataSource pool(String property) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getProperty(property));
        config.setMaximumPoolSize(THREADS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3_000);
        return new HikariDataSource(config);
    }

    public static void main(String[] args) throws Exception {
        Workload.run(THREADS, new FenceWorker()::operate);
    }

    private void operate(Watch watch) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String name = random.nextBoolean() ? "postgres" : "mariadb";
        HikariDataSource database = databases.get(name);
        int cell = random.nextInt(cells);
        String key = name + ":" + cell;
        watch.expects("a lock is waited for", PATIENCE_MILLIS);
        int kind = random.nextInt(10);
        if (kind < 4) {
            locking.exclusive(key, () -> inside(watch, () -> write(database, cell)));
        } else if (kind < 5) {
            Unchecked.await(locking.exclusiveLater(key, () -> inside(watch, () -> write(database, cell))));
        } else if (kind < 7) {
            locking.exclusive(key, () -> inside(watch, () -> writeInTwo(database, cell)));
        } else {
            locking.shared(key, () -> inside(watch, () -> read(database, cell)));
        }
    }

    private static void inside(Watch watch, Locking.Body work) throws Exception {
        watch.expects("a transaction is under way", DATABASE_PATIENCE_MILLIS);
        work.run();
        watch.expects("a lock is given back", PATIENCE_MILLIS);
    }

    private void write(HikariDataSource database, int cell) throws SQLException, InterruptedException {
        long order = order();
        try (Connection connection = begin(database)) {
            State seen = look(connection, cell);
            think();
            finish(connection, cell, seen.count + 1, order, operation());
            connection.commit();
        }
    }

    private void writeInTwo(HikariDataSource database, int cell) throws SQLException, InterruptedException {
        long order = order();
        String operation = operation();
        State seen;
        try (Connection connection = begin(database)) {
            seen = look(connection, cell);
            update(connection, "UPDATE cell SET half = ? WHERE id = ?", operation, cell);
            connection.commit();
        }
        think();
        try (Connection connection = begin(database)) {
            finish(connection, cell, seen.count + 1, order, operation);
            connection.commit();
        }
    }

    private void read(HikariDataSource database, int cell) throws SQLException, InterruptedException {
        State first;
        try (Connection connection = begin(database)) {
            first = look(connection, cell);
            connection.commit();
        }
        think();
        try (Connection connection = begin(database)) {
            State second = look(connection, cell);
            update(
                    connection,
                    "INSERT INTO reading VALUES (?, ?, ?, ?, ?)",
                    cell,
                    first.count,
                    second.count,
                    first.half,
                    second.half);
            connection.commit();
        }
    }

    /**
     * Holders of a key in their order. Fenced ones are ordered by their tokens, as one that comes late with an earlier token
     * may work before a later one does; others by when they got in, by the clock that all JVMs of a machine share.
     */
    private long order() {
        return locks.equals("fenced") ? Floodlock.fencingToken() : System.nanoTime();
    }

    private String operation() {
        return life + operations.incrementAndGet();
    }

    private static Connection begin(HikariDataSource database) throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private record State(long count, String half) {}

    private static State look(Connection connection, int cell) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT n, half FROM cell WHERE id = ?")) {
            statement.setInt(1, cell);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new State(rows.getLong(1), rows.getString(2));
            }
        }
    }

    private static void finish(Connection connection, int cell, long count, long order, String operation)
            throws SQLException {
        update(connection, "UPDATE cell SET n = ?, half = NULL WHERE id = ?", count, cell);
        update(connection, "INSERT INTO entry VALUES (?, ?, ?, ?)", cell, count, order, operation);
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static void think() throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_THOUGHT_MILLIS));
    }
}
