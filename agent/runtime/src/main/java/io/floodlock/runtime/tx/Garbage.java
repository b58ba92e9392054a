package io.floodlock.runtime.tx;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes decisions that nobody can need any more, in the order of their keys, which is that of time: no row that is young is
 * read. A tombstone stays 30 days. A row C stays ten minutes, and for ever while one of its branches is prepared or in a database
 * that this sweep has not reached; the others behind it go all the same. Where many stay, a sweep goes on where the one before has
 * stopped. One JVM at a time does so in each database, on one snapshot: what appears between looking and deleting, after a long
 * wait for a standby perhaps, is not touched.
 */
final class Garbage {

    private static final Logger LOG = LoggerFactory.getLogger(Garbage.class);

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int BATCH = 10_000;

    /** Rows that stay, which one sweep looks at in one database. */
    private static final int MOST_KEPT = 50_000;

    private static final int TOMBSTONE_DAYS = 30;

    /** Any number that all JVMs share. */
    private static final long ONE_AT_A_TIME = 0x466C6F6F64474331L;

    private final String namespace;
    private final Duration keepCommitted;
    private long last = System.nanoTime();

    /** By the table's id: the key behind which to go on. */
    private final Map<String, String> reached = new HashMap<>();

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
                    deleted = inOrder(own, home, open);
                }
                own.commit();
            } catch (SQLException | RuntimeException | Error e) {
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

    private int inOrder(Connection own, Database home, Map<Database, Connection> open) throws SQLException {
        Branches branches = new Branches();
        for (Map.Entry<Database, Connection> one : open.entrySet()) {
            for (Postgres.Prepared branch : Postgres.prepared(one.getValue(), Gid.prefix(namespace))) {
                Gid.BranchName.parse(branch.name())
                        .ifPresent(name -> branches.prepared.add(name.gid().text()));
            }
            branches.databases.add(one.getKey().id());
        }
        String mine = Gid.prefix(namespace) + home.id() + ":";
        String from = reached.getOrDefault(home.id(), mine);
        int deleted = 0;
        int kept = 0;
        List<Row> rows;
        do {
            rows = old(own, home, mine, from);
            List<String> deletable = rows.stream()
                    .filter(row -> row.tombstone || branches.finished(row))
                    .map(Row::gid)
                    .toList();
            deleted += delete(own, home.table(), deletable);
            kept += rows.size() - deletable.size();
            from = rows.size() < BATCH ? mine : rows.get(BATCH - 1).gid;
        } while (rows.size() == BATCH && kept < MOST_KEPT);
        reached.put(home.id(), from);
        return deleted;
    }

    /** A decision, by its key; of a tombstone the branches don't matter. */
    private record Row(String gid, boolean tombstone, String branches) {}

    /** What the databases say that were reached. */
    private static final class Branches {

        private final Set<String> databases = new HashSet<>();
        private final Set<String> prepared = new HashSet<>();

        boolean finished(Row row) {
            if (prepared.contains(row.gid)) {
                return false;
            }
            for (String branch : row.branches.split(",")) {
                int end = branch.indexOf('.');
                if (end < 0 || !databases.contains(branch.substring(0, end))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The next that are old enough, behind that key. The key's bound spares reading the young ones; the server's clock decides. */
    private List<Row> old(Connection own, Database home, String mine, String from) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = own.prepareStatement("SELECT gid, state = 'A', branches FROM " + home.table()
                + " WHERE gid > ? AND gid < ? AND at <= now() - CASE state WHEN 'A' THEN interval '" + TOMBSTONE_DAYS
                + " days' ELSE make_interval(secs => ?) END ORDER BY gid LIMIT " + BATCH)) {
            statement.setString(1, from);
            statement.setString(2, mine + Ids.at(System.currentTimeMillis() - keepCommitted.toMillis()));
            statement.setDouble(3, keepCommitted.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row.getString(1), row.getBoolean(2), row.getString(3)));
                }
            }
        }
        return rows;
    }

    private static int delete(Connection own, String table, List<String> gids) throws SQLException {
        if (gids.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = own.prepareStatement("DELETE FROM " + table + " WHERE gid = ANY(?)")) {
            statement.setArray(1, own.createArrayOf("text", gids.toArray()));
            return statement.executeUpdate();
        }
    }
}
