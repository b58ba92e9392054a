package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.tx.HomeTables;
import io.floodlock.runtime.tx.TxHome;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The tables {@code floodlock_bucket} and {@code floodlock_outbox}, and their statements, for PostgreSQL.
 *
 * <pre>
 * floodlock_bucket   queue     namespace:queue
 *                    bucket    0 to 15; calls of one key have one bucket
 *                    source    a random id of this row: a new row numbers its calls from 1 again
 *                    last      the number of the bucket's last call
 *                    format    of the row: 1
 *
 * floodlock_outbox   queue, bucket
 *                    number    1, 2, .. in the order of commits, without gaps
 *                    call      as the store keeps it
 *                    at        the time of its INSERT, by the server's clock
 *                    format    of the row: 1
 * </pre>
 *
 * <p>A transaction that has numbered calls of a bucket keeps the bucket's row locked until it ends. So the numbers are
 * in the order of commits, and whoever sees a number sees all smaller ones. Thread-safe.
 */
public final class OutboxTables {

    static final String BUCKETS = "floodlock_bucket";
    static final String CALLS = "floodlock_outbox";

    /** The key of the advisory lock under which sessions create the tables one after the other. */
    private static final long CREATION = 0x466C6F6F644F7574L;

    private final String calls;
    private final String buckets;
    private final String write;

    private OutboxTables(String schema) {
        this.calls = schema + CALLS;
        this.buckets = schema + BUCKETS;
        this.write = "WITH numbered AS (INSERT INTO " + buckets + " AS known (queue, bucket, last) VALUES (?, ?, ?)"
                + " ON CONFLICT (queue, bucket) DO UPDATE SET last = known.last + excluded.last RETURNING last, source)"
                + " INSERT INTO " + calls + " (queue, bucket, number, call)"
                + " SELECT ?, ?, numbered.last - ? + given.place, given.call"
                + " FROM numbered, unnest(?::bytea[]) WITH ORDINALITY AS given(call, place)"
                + " RETURNING number, (SELECT source FROM numbered)";
    }

    /**
     * The statements that create the tables, one each.
     *
     * @param schema quoted, with its dot; empty for the current one
     */
    public static List<String> ddl(String schema) {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + schema + BUCKETS + " (queue text COLLATE \"C\" NOT NULL,"
                        + " bucket int NOT NULL, source uuid NOT NULL DEFAULT gen_random_uuid(),"
                        + " last bigint NOT NULL, format smallint NOT NULL DEFAULT 1,"
                        + " PRIMARY KEY (queue, bucket)) WITH (fillfactor = 50)",
                "CREATE TABLE IF NOT EXISTS " + schema + CALLS + " (queue text COLLATE \"C\" NOT NULL,"
                        + " bucket int NOT NULL, number bigint NOT NULL, call bytea NOT NULL,"
                        + " at timestamptz NOT NULL DEFAULT clock_timestamp(), format smallint NOT NULL DEFAULT 1,"
                        + " PRIMARY KEY (queue, bucket, number))");
    }

    /** The tables' names, for grants. */
    public static List<String> names() {
        return List.of(BUCKETS, CALLS);
    }

    /** The tables of a database that are there already; null if they are not. */
    static OutboxTables find(TxHome home, Connection own) throws SQLException {
        return of(home).exist(own) ? new OutboxTables(home.schema()) : null;
    }

    /**
     * Finds the tables beside the home's table of decisions, and creates what is missing.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if the role may not create or use them,
     *     with the statements for those who may
     */
    static OutboxTables ensure(TxHome home) throws SQLException {
        of(home).ensure(CREATION);
        return new OutboxTables(home.schema());
    }

    private static HomeTables of(TxHome home) {
        return new HomeTables(home, names(), ddl(home.schema()), "holds queued calls until they are sent");
    }

    /**
     * Numbers and inserts calls of a bucket.
     *
     * @return the number of the first one, which the others follow, and their source
     */
    Numbered write(Connection connection, String queue, int bucket, List<byte[]> encoded) throws SQLException {
        Array given = connection.createArrayOf("bytea", encoded.toArray(byte[][]::new));
        try (PreparedStatement statement = connection.prepareStatement(write)) {
            statement.setString(1, queue);
            statement.setInt(2, bucket);
            statement.setLong(3, encoded.size());
            statement.setString(4, queue);
            statement.setInt(5, bucket);
            statement.setLong(6, encoded.size());
            statement.setArray(7, given);
            long first = Long.MAX_VALUE;
            UUID row = null;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    first = Math.min(first, rows.getLong(1));
                    row = rows.getObject(2, UUID.class);
                }
            }
            return new Numbered(source(row), first);
        } finally {
            given.free();
        }
    }

    record Numbered(UUID source, long first) {}

    /** The identity of a bucket as the source of numbered calls, whose sessions have version 3. */
    private static UUID source(UUID row) {
        return UUID.nameUUIDFromBytes(row.toString().getBytes(StandardCharsets.US_ASCII));
    }

    // ---- sending

    record Bucket(String queue, int number) {}

    record Row(long number, byte[] call) {}

    /** The buckets of that namespace that hold calls. */
    List<Bucket> waiting(Connection own, String namespace) throws SQLException {
        List<Bucket> found = new ArrayList<>();
        try (PreparedStatement statement =
                own.prepareStatement("SELECT DISTINCT queue, bucket FROM " + calls + " WHERE starts_with(queue, ?)")) {
            statement.setString(1, namespace + ":");
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Bucket(rows.getString(1), rows.getInt(2)));
                }
            }
        }
        return found;
    }

    /** Whether this transaction sends the bucket from now on; no other does so until it ends. */
    boolean claim(Connection own, Bucket bucket) throws SQLException {
        try (PreparedStatement statement =
                own.prepareStatement("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 7166))")) {
            statement.setString(1, calls + " " + bucket.queue + " " + bucket.number);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** The source of a bucket's calls. Its row is made if it was lost, so that the calls are sent from a new source. */
    UUID source(Connection own, Bucket bucket) throws SQLException {
        UUID known = rowOf(own, bucket);
        if (known == null) {
            try (PreparedStatement statement = own.prepareStatement("INSERT INTO " + buckets + " (queue, bucket, last)"
                    + " SELECT queue, bucket, max(number) FROM " + calls + " WHERE queue = ? AND bucket = ?"
                    + " GROUP BY queue, bucket ON CONFLICT DO NOTHING")) {
                statement.setString(1, bucket.queue);
                statement.setInt(2, bucket.number);
                statement.executeUpdate();
            }
            known = rowOf(own, bucket);
        }
        return known == null ? null : source(known);
    }

    private UUID rowOf(Connection own, Bucket bucket) throws SQLException {
        try (PreparedStatement statement =
                own.prepareStatement("SELECT source FROM " + buckets + " WHERE queue = ? AND bucket = ?")) {
            statement.setString(1, bucket.queue);
            statement.setInt(2, bucket.number);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getObject(1, UUID.class) : null;
            }
        }
    }

    /** The first calls of a bucket, in their order. */
    List<Row> first(Connection own, Bucket bucket, int most) throws SQLException {
        List<Row> found = new ArrayList<>();
        try (PreparedStatement statement = own.prepareStatement("SELECT number, call, format FROM " + calls
                + " WHERE queue = ? AND bucket = ? ORDER BY number LIMIT " + most)) {
            statement.setString(1, bucket.queue);
            statement.setInt(2, bucket.number);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (rows.getInt(3) != 1) {
                        throw Failure.ILLEGAL_TRANSACTION.because("a call in " + calls + " has format " + rows.getInt(3)
                                + ", but this agent knows format 1; use a newer agent");
                    }
                    found.add(new Row(rows.getLong(1), rows.getBytes(2)));
                }
            }
        }
        return found;
    }

    void delete(Connection own, Bucket bucket, long upTo) throws SQLException {
        try (PreparedStatement statement =
                own.prepareStatement("DELETE FROM " + calls + " WHERE queue = ? AND bucket = ? AND number <= ?")) {
            statement.setString(1, bucket.queue);
            statement.setInt(2, bucket.number);
            statement.setLong(3, upTo);
            statement.executeUpdate();
        }
    }
}
