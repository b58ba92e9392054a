package io.floodlock.runtime.tx.recovery;

import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.Decision;
import io.floodlock.runtime.tx.dialect.PreparedBranch;
import io.floodlock.runtime.tx.dialect.RecoveryDialect;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes decisions that can't be needed any more. Each sweep calls it with its open connections.
 *
 * <ul>
 *   <li>A tombstone is kept for 30 days.
 *   <li>A row C is kept for ten minutes, and for ever while one of its branches is prepared or in a database that this
 *       sweep has not reached. Rows behind it are deleted all the same.
 *   <li>Rows are read in the order of their keys, which is that of time, so no young row is read. If many rows must be
 *       kept, the next sweep continues where this one has stopped.
 *   <li>Only one JVM at a time cleans up a database, on one snapshot. So a row that appears between reading and
 *       deleting, after a long wait for a standby perhaps, is not touched.
 * </ul>
 */
public final class DecisionCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionCleanup.class);

    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int BATCH = 10_000;

    /** The most rows that one sweep reads in one database without deleting them. */
    private static final int MOST_KEPT = 50_000;

    private static final Duration KEEP_TOMBSTONES = Duration.ofDays(30);

    /** The key of the advisory lock: any number that all JVMs share. */
    private static final long ONE_AT_A_TIME = 0x466C6F6F64474331L;

    private final String namespace;
    private final Duration keepCommitted;
    private long last = System.nanoTime();

    /** By the table's id: the key after which the next sweep continues. */
    private final Map<String, String> reached = new HashMap<>();

    public DecisionCleanup(String namespace, Duration keepCommitted) {
        this.namespace = namespace;
        this.keepCommitted = keepCommitted;
    }

    /** Runs at most once a minute. An SQLException ends the cleanup of its database only, and is logged. */
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

    /** @return the number of rows deleted */
    int collect(Database home, Connection own, Map<Database, Connection> open) {
        int deleted = 0;
        try {
            own.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            own.setAutoCommit(false);
            try {
                if (home.dialect().sessions().tryLock(own, ONE_AT_A_TIME)) {
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
            LOG.debug("old decisions of {} could not be deleted; the next cleanup tries again", home.name(), e);
        }
        return deleted;
    }

    private int inOrder(Connection own, Database home, Map<Database, Connection> open) throws SQLException {
        Branches branches = new Branches();
        for (Map.Entry<Database, Connection> one : open.entrySet()) {
            RecoveryDialect listed = one.getKey().dialect().recovery();
            for (PreparedBranch branch : listed.prepared(one.getValue(), Gid.prefix(namespace))) {
                Gid.BranchName.parse(branch.name())
                        .ifPresent(name -> branches.prepared.add(name.gid().text()));
            }
            branches.databases.add(one.getKey().id());
        }
        String mine = Gid.prefix(namespace) + home.id() + ":";
        String from = reached.getOrDefault(home.id(), mine);
        int deleted = 0;
        int kept = 0;
        RecoveryDialect dialect = home.dialect().recovery();
        List<Decision> rows;
        do {
            String to = mine + Ids.at(System.currentTimeMillis() - keepCommitted.toMillis());
            rows = dialect.deletable(own, home.table(), from, to, KEEP_TOMBSTONES, keepCommitted, BATCH);
            List<String> deletable = rows.stream()
                    .filter(row -> row.tombstone() || branches.finished(row))
                    .map(Decision::gid)
                    .toList();
            deleted += deletable.isEmpty() ? 0 : dialect.delete(own, home.table(), deletable);
            kept += rows.size() - deletable.size();
            from = rows.size() < BATCH ? mine : rows.get(BATCH - 1).gid();
        } while (rows.size() == BATCH && kept < MOST_KEPT);
        reached.put(home.id(), from);
        return deleted;
    }

    /** The prepared branches of the databases that this sweep has reached. */
    private static final class Branches {

        private final Set<String> databases = new HashSet<>();
        private final Set<String> prepared = new HashSet<>();

        boolean finished(Decision row) {
            if (prepared.contains(row.gid())) {
                return false;
            }
            for (String branch : row.branches().split(",")) {
                int end = branch.indexOf('.');
                if (end < 0 || !databases.contains(branch.substring(0, end))) {
                    return false;
                }
            }
            return true;
        }
    }
}
