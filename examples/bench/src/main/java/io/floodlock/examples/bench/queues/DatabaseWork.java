package io.floodlock.examples.bench.queues;

import io.floodlock.DistributedTx;
import io.floodlock.Queued;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Queued calls that work in a database, or are made in a transaction; the agent weaves them. */
public final class DatabaseWork {

    /** A bounded queue, so that callers are as fast as bodies and a round ends soon after its calls. */
    static final int CAPACITY = 2_000;

    private static final Arrivals ARRIVALS = new Arrivals();

    private static volatile DataSource pool;

    private DatabaseWork() {}

    /** Makes the tables. Called before any other method. */
    public static void use(DataSource database) throws SQLException {
        pool = database;
        run("CREATE TABLE work (payload bytea NOT NULL)", null);
        run("CREATE TABLE outgoing (id bigserial PRIMARY KEY, payload bytea NOT NULL)", null);
    }

    // ---- bodies that insert a row

    public static QueueKind exactlyOnce() {
        return QueueKind.of(DatabaseWork::once, ARRIVALS);
    }

    public static QueueKind atLeastOnce() {
        return QueueKind.of(DatabaseWork::again, ARRIVALS);
    }

    @Queued(queue = "bench-once", name = "once", waitTime = "1m", capacity = CAPACITY)
    @DistributedTx
    static void once(byte[] payload) throws SQLException {
        insert(payload);
        ARRIVALS.accept(payload);
    }

    @Queued(queue = "bench-again", name = "again", waitTime = "1m", capacity = CAPACITY)
    static void again(byte[] payload) throws SQLException {
        insert(payload);
        ARRIVALS.accept(payload);
    }

    /** The work of one body, without a queue. */
    public static void insert(byte[] payload) throws SQLException {
        run("INSERT INTO work (payload) VALUES (?)", payload);
    }

    static void insert(Connection connection, byte[] payload) throws SQLException {
        run(connection, "INSERT INTO work (payload) VALUES (?)", payload);
    }

    // ---- transactions that insert a row and make a call

    public static QueueKind callInTransaction() {
        return QueueKind.of(DatabaseWork::insertAndCall, ARRIVALS);
    }

    /** A JVM that is killed between the two loses the call. */
    public static QueueKind callAfterTransaction() {
        return QueueKind.of(
                payload -> {
                    insertAlone(payload);
                    call(payload);
                },
                ARRIVALS);
    }

    @DistributedTx
    static void insertAndCall(byte[] payload) throws SQLException {
        insert(payload);
        call(payload);
    }

    @DistributedTx
    static void insertAlone(byte[] payload) throws SQLException {
        insert(payload);
    }

    @Queued(queue = "bench-called", name = "call", waitTime = "1m", capacity = CAPACITY)
    static void call(byte[] payload) {
        ARRIVALS.accept(payload);
    }

    /** The rows that an outbox needs at least; nothing sends or deletes them. */
    public static void twoRows(byte[] payload) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, payload);
            run(connection, "INSERT INTO outgoing (payload) VALUES (?)", payload);
            connection.commit();
        }
    }

    // ----

    private static void run(String sql, byte[] payload) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            run(connection, sql, payload);
        }
    }

    private static void run(Connection connection, String sql, byte[] payload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (payload != null) {
                statement.setBytes(1, payload);
            }
            statement.execute();
        }
    }
}
