package io.floodlock.runtime.tx;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes decisions that nobody can need any more, by range of their keys, which order by time. A tombstone stays 30 days. A
 * row C stays ten minutes, and for ever while one of its branches is prepared or in a database that this sweep has not
 * reached. One JVM at a time does so in each database, on one snapshot: what appears between looking and deleting, after a
 * long wait for a standby perhaps, is not touched.
 */
final class Garbage {

    private static final Logger LOG = LoggerFactory.getLogger(Garbage.class);

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int BATCH = 10_000;

    /** Any number that all JVMs share. */
    private static final long ONE_AT_A_TIME = 0x466C6F6F64474331L;

    private final String namespace;
    private final Duration keepCommitted;
    private long last = System.nanoTime();

    Garbage(String namespace, Duration keepCommitted) {
        this.namespace = namespace;
        this.keepCommitted = keepCommitted;
    }

    /** At most once a minute; never throws. */
    void collect(Map<Database, Connection> open) {
        if (System.nanoTime() - last >= EVERY_NANOS) {
            last = System.nanoTime();
            open.forEach((database, own) -> {
                if (database.whyNoHost() == null) {
                    collect(database, own, open);
                }
            });
        }
    }

    /** @return how many rows */
    int collect(Database home, Connection own, Map<Database, Connection> open) {
        int deleted = 0;
        try {
            own.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            own.setAutoCommit(false);
            try {
                if (locked(own)) {
                    deleted = tombstones(own, home.table());
                    int batch;
                    do {
                        batch = committed(own, home, open);
                        deleted += batch;
                    } while (batch == BATCH);
                }
                own.commit();
            } catch (SQLException e) {
                own.rollback();
                throw e;
            } finally {
                own.setAutoCommit(true);
                own.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
        } catch (SQLException e) {
            LOG.debug("old decisions of {} stay for now", home.name(), e);
        }
        return deleted;
    }

    private static boolean locked(Connection own) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
            statement.setLong(1, ONE_AT_A_TIME);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private int tombstones(Connection own, String table) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement("DELETE FROM " + table
                + " WHERE state = 'A' AND starts_with(gid, ?) AND at < now() - interval '30 days'")) {
            statement.setString(1, Gid.prefix(namespace));
            return statement.executeUpdate();
        }
    }

    private int committed(Connection own, Database home, Map<Database, Connection> open) throws SQLException {
        Map<String, String> rows = old(own, home);
        if (rows.isEmpty()) {
            return 0;
        }
        Set<String> reached = new HashSet<>();
        Set<String> prepared = new HashSet<>();
        for (Map.Entry<Database, Connection> one : open.entrySet()) {
            for (Postgres.Prepared branch : Postgres.prepared(one.getValue(), Gid.prefix(namespace))) {
                Gid.BranchName.parse(branch.name())
                        .ifPresent(name -> prepared.add(name.gid().text()));
            }
            reached.add(one.getKey().id());
        }
        String low = null;
        String high = null;
        Set<String> kept = new HashSet<>();
        for (Map.Entry<String, String> row : rows.entrySet()) {
            if (prepared.contains(row.getKey()) || !confirmed(row.getValue(), reached)) {
                kept.add(row.getKey());
            } else {
                low = low == null || row.getKey().compareTo(low) < 0 ? row.getKey() : low;
                high = high == null || row.getKey().compareTo(high) > 0 ? row.getKey() : high;
            }
        }
        return low == null ? 0 : delete(own, home.table(), low, high, kept);
    }

    private static boolean confirmed(String branches, Set<String> reached) {
        for (String branch : branches.split(",")) {
            int end = branch.indexOf('.');
            if (end < 0 || !reached.contains(branch.substring(0, end))) {
                return false;
            }
        }
        return true;
    }

    /** The key's bound spares reading the young ones; the server's clock decides. */
    private Map<String, String> old(Connection own, Database home) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        String mine = Gid.prefix(namespace) + home.id() + ":";
        try (PreparedStatement statement = own.prepareStatement("SELECT gid, branches FROM " + home.table()
                + " WHERE state = 'C' AND gid >= ? AND gid < ? AND at <= now() - make_interval(secs => ?)"
                + " ORDER BY gid LIMIT " + BATCH)) {
            statement.setString(1, mine);
            statement.setString(2, mine + Ids.at(System.currentTimeMillis() - keepCommitted.toMillis()));
            statement.setDouble(3, keepCommitted.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.put(row.getString(1), row.getString(2));
                }
            }
        }
        return rows;
    }

    private int delete(Connection own, String table, String low, String high, Set<String> kept) throws SQLException {
        try (PreparedStatement statement = own.prepareStatement("DELETE FROM " + table
                + " WHERE gid BETWEEN ? AND ? AND state = 'C' AND at <= now() - make_interval(secs => ?)"
                + " AND gid <> ALL(?)")) {
            statement.setString(1, low);
            statement.setString(2, high);
            statement.setDouble(3, keepCommitted.toSeconds());
            statement.setArray(4, own.createArrayOf("text", kept.toArray()));
            return statement.executeUpdate();
        }
    }
}
