package io.floodlock.examples.chaos.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.Floodlock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads, waits and writes under locks, in three places: as two tenants of one database, which share a pool, and in
 * another database, all through one routing DataSource. Each write increments the count of a cell that it has read,
 * and inserts an entry with the new count in the same transaction. Some writes use two transactions and leave the
 * cell half done between them. Each read looks twice, in two transactions, and stores both results in the second. The
 * databases therefore show what happened, whatever the client knows of its commit.
 */
final class FenceWorker {

    private static final int THREADS = 6;
    private static final int LONGEST_THOUGHT_MILLIS = 150;

    /** One of this many operations overflows a stack, in the JVM where that happens. */
    private static final int OVERFLOW_EVERY = 50;

    /**
     * Longest time for an acquisition: the wait for the lock, or for Redis's reply or the first connection, and a
     * reserve for a busy machine.
     */
    private static final long PATIENCE_MILLIS = 9_000;

    /** Longest time for a transaction, which may wait for rows that the transaction of a stopped JVM has locked. */
    private static final long DATABASE_PATIENCE_MILLIS = 30_000;

    private final String locks = System.getProperty("chaos.locking");
    private final Locking locking = Locking.of(locks, System.getProperty("chaos.redis"));
    private final int cells = Integer.getInteger("chaos.keys");
    private final String life =
            Integer.getInteger("chaos.jvm") + "/" + ProcessHandle.current().pid() + "/";
    private final AtomicLong operations = new AtomicLong();
    private final Routing databases =
            new Routing(Map.of("postgres", pool("chaos.postgres"), "mariadb", pool("chaos.mariadb")));
    private final Overflow overflow =
            Boolean.getBoolean("chaos.overflows") ? new Overflow(locking, "level:" + life) : null;

    /**
     * A place with cells.
     *
     * @param tenant the name of its schema and role, null for none
     */
    private record Place(String name, String database, String tenant) {

        String key(int cell) {
            // these names need no escaping in a key
            return name + "-" + cell;
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place("seller", "postgres", "seller"),
            new Place("market", "postgres", "market"),
            new Place("mariadb", "mariadb", null));

    private static HikariDataSource pool(String property) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getProperty(property));
        config.setMaximumPoolSize(THREADS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3_000);
        if (property.equals("chaos.postgres")) {
            // a tenant's schema must not stay set on a pooled connection
            config.setSchema("public");
        }
        return new HikariDataSource(config);
    }

    public static void main(String[] args) throws Exception {
        Workload.run(THREADS, new FenceWorker()::operate);
    }

    private void operate(Watch watch) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (overflow != null && random.nextInt(OVERFLOW_EVERY) == 0) {
            watch.expects("overflowing a stack", DATABASE_PATIENCE_MILLIS);
            overflow.survive();
        }
        Place place = PLACES.get(random.nextInt(PLACES.size()));
        int cell = random.nextInt(cells);
        String key = place.key(cell);
        watch.expects("waiting for a lock", PATIENCE_MILLIS);
        int kind = random.nextInt(10);
        if (kind < 3) {
            locking.exclusive(key, () -> inside(watch, () -> write(place, cell)));
        } else if (kind < 4) {
            Unchecked.await(locking.exclusiveLater(key, () -> inside(watch, () -> write(place, cell))));
        } else if (kind < 5) {
            Place other = PLACES.get((PLACES.indexOf(place) + 1) % PLACES.size());
            locking.both(
                    key,
                    other.key(cell),
                    () -> inside(watch, () -> {
                        write(place, cell);
                        write(other, cell);
                    }));
        } else if (kind < 7) {
            locking.exclusive(key, () -> inside(watch, () -> writeInTwo(place, cell)));
        } else {
            locking.shared(key, () -> inside(watch, () -> read(place, cell)));
        }
    }

    private static void inside(Watch watch, Locking.Body work) throws Exception {
        watch.expects("running a transaction", DATABASE_PATIENCE_MILLIS);
        work.run();
        watch.expects("releasing a lock", PATIENCE_MILLIS);
    }

    private void write(Place place, int cell) throws SQLException, InterruptedException {
        long order = order(place.key(cell));
        try (Connection connection = begin(place)) {
            State seen = look(connection, cell);
            think();
            finish(connection, place, cell, seen.count + 1, order, operation());
            connection.commit();
        }
    }

    private void writeInTwo(Place place, int cell) throws SQLException, InterruptedException {
        long order = order(place.key(cell));
        String operation = operation();
        State seen;
        try (Connection connection = begin(place)) {
            seen = look(connection, cell);
            update(connection, "UPDATE cell SET half = ? WHERE id = ?", operation, cell);
            connection.commit();
        }
        think();
        try (Connection connection = begin(place)) {
            finish(connection, place, cell, seen.count + 1, order, operation);
            connection.commit();
        }
    }

    private void read(Place place, int cell) throws SQLException, InterruptedException {
        State first;
        try (Connection connection = begin(place)) {
            first = look(connection, cell);
            connection.commit();
        }
        think();
        try (Connection connection = begin(place)) {
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
     * A number that orders the holders of a key. Fenced holders are ordered by their tokens, because a late holder
     * with an earlier token may work before a holder with a later one. Others are ordered by the time when they got
     * the lock, by the monotonic clock that all JVMs of a machine share.
     */
    private long order(String key) {
        return locks.equals("fenced") ? Floodlock.fencingToken(key) : System.nanoTime();
    }

    private String operation() {
        return life + operations.incrementAndGet();
    }

    private Connection begin(Place place) throws SQLException {
        databases.to(place.database);
        Connection connection = databases.getConnection();
        try {
            connection.setAutoCommit(false);
            if (place.tenant != null) {
                connection.setSchema(place.tenant);
                update(connection, "SET LOCAL ROLE " + place.tenant);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
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

    private static void finish(Connection connection, Place place, int cell, long count, long order, String operation)
            throws SQLException {
        update(connection, "UPDATE cell SET n = ?, half = NULL WHERE id = ?", count, cell);
        update(
                connection,
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, CURRENT_USER)",
                cell,
                count,
                order,
                operation,
                place.name);
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
