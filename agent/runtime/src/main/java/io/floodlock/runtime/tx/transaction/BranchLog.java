package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * Records the application's work on one branch: the number of statements, their time, the last error, and whether all
 * of them were plain reads. {@link BranchWork} fills it; {@link JdbcBranch} reads from it whether the branch has only
 * read. It also keeps the running statement, for {@link #cancel}. Belongs to the branch's thread, except
 * {@link #cancel}, which is for any thread.
 */
final class BranchLog {

    private int statements;
    private boolean plainReads = true;
    private SQLException failure;

    private long nanos;
    private long startedAt;
    private String verb;
    private volatile Statement running;

    void began(Statement statement, Sql sql) {
        plainReads &= sql.plainRead();
        verb = sql.verb();
        startedAt = System.nanoTime();
        running = statement;
    }

    void ended(SQLException thrown) {
        running = null;
        nanos += System.nanoTime() - startedAt;
        statements++;
        if (thrown != null) {
            failure = thrown;
        }
    }

    /**
     * Something was written that is no statement of a handle: by the agent, or by the application over the driver's own
     * connection, where more statements may run unseen.
     */
    void written() {
        plainReads = false;
        statements++;
    }

    int statements() {
        return statements;
    }

    boolean plainReads() {
        return plainReads;
    }

    /** The verb of the last statement; null if there was none. */
    String verb() {
        return verb;
    }

    /** The last error, or null. */
    SQLException failure() {
        return failure;
    }

    void forgetFailure() {
        failure = null;
    }

    /** Cancels the running statement. Called on another thread once the deadline has passed. */
    void cancel() {
        Statement now = running;
        if (now != null) {
            try {
                now.cancel();
            } catch (SQLException e) {
                // the statement has ended, or the server can't be reached; the transaction is doomed either way
            }
        }
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    String timeSpent(String database) {
        return millis() + " ms in " + statements + " statements on " + database
                + (verb == null ? "" : " (the last: " + verb + ")");
    }
}
