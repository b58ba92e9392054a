package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.Fence;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.sql.Sql;
import io.floodlock.runtime.tx.database.Database;
import java.sql.SQLException;
import java.sql.Savepoint;
import javax.sql.DataSource;

/**
 * The claims that a branch writes for fenced scopes, so that its database can refuse a stale holder. {@link BranchWork}
 * calls it around statements, savepoints and the end. Belongs to the branch's thread.
 */
final class BranchClaims {

    private final Transaction transaction;
    private final Database database;
    private final TrackedConnection first;
    private final ReadOnlyPart readOnlyPart;
    private final Fence fence;

    /** The fence's part in the branch; null as long as no fenced lock was held around a statement. */
    private FencePart fenced;

    BranchClaims(
            Transaction transaction,
            Database database,
            TrackedConnection first,
            ReadOnlyPart readOnlyPart,
            Fence fence) {
        this.transaction = transaction;
        this.database = database;
        this.first = first;
        this.readOnlyPart = readOnlyPart;
        this.fence = fence;
    }

    /**
     * Claims the fenced locks held around this thread in the database, before a statement runs.
     *
     * @param worked whether a statement ran before
     */
    void claim(boolean worked) throws SQLException {
        if (fenced == null) {
            if (!fence.standing()) {
                return;
            }
            fenced = fence.begin((DataSource) first.source(), first.raw());
        }
        try {
            if (!fenced.known()) {
                readOnlyPart.leave();
            }
            fenced.beforeRun(worked);
        } catch (FloodlockFailure e) {
            transaction.doom("its lock was refused by " + database.name(), e);
            throw e;
        }
    }

    void afterRun(Sql sql, SQLException thrown) throws SQLException {
        if (fenced != null) {
            fenced.afterRun(sql, thrown);
        }
    }

    void savepoint(Savepoint set) {
        if (fenced != null) {
            fenced.savepoint(set);
        }
    }

    void rolledBackTo(Savepoint savepoint) throws SQLException {
        if (fenced != null) {
            fenced.rolledBackTo(savepoint);
        }
    }

    /** Before the branch is committed or prepared. */
    void beforeEnd() throws SQLException {
        if (fenced != null) {
            fenced.beforeCommit();
        }
    }

    /** After the branch has ended in any way. */
    void ended() {
        if (fenced != null) {
            fenced.ended(false);
        }
    }
}
