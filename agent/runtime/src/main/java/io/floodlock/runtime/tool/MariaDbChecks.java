package io.floodlock.runtime.tool;

import io.floodlock.runtime.fence.FenceTable;
import java.sql.SQLException;
import java.sql.Statement;

/** The checks of a MariaDB database. */
final class MariaDbChecks extends DatabaseChecks {

    /** MariaDB's default, in seconds. */
    private static final int LOCK_WAIT = 50;

    private static final int DENIED = 1142;

    private final String url;

    MariaDbChecks(Statement statement, String at, String url) {
        super(statement, at);
        this.url = url;
    }

    @Override
    void look() throws SQLException {
        String readOnly = query("SELECT @@global.read_only");
        check(
                "writable",
                readOnly.equals("0") ? "yes" : "no",
                readOnly.equals("0"),
                "the server is read-only: use the URL of the primary");
        String flush = query("SELECT @@innodb_flush_log_at_trx_commit");
        check(
                "innodb_flush_log_at_trx_commit",
                flush,
                flush.equals("1"),
                "a crash loses the last commits: SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        String idle = query("SELECT @@idle_transaction_timeout");
        check(
                "idle_transaction_timeout",
                idle,
                !idle.equals("0"),
                isThere(),
                "where locks are fenced, a process that is suspended in a transaction keeps its row of floodlock_fence"
                        + " locked, and all callers that need that key wait for hours:"
                        + " SET GLOBAL idle_transaction_timeout = 60");
        String wait = query("SELECT @@innodb_lock_wait_timeout");
        check(
                "innodb_lock_wait_timeout",
                wait,
                Integer.parseInt(wait) <= LOCK_WAIT,
                "statements wait that many seconds for a row whose holder is suspended; a claim waits up to waitTime:"
                        + " SET GLOBAL innodb_lock_wait_timeout = " + LOCK_WAIT);
        String isolation = query("SELECT @@tx_isolation");
        check(
                "isolation",
                isolation,
                isolation.equals("READ-COMMITTED"),
                isThere(),
                "where locks are fenced, a transaction that read before it acquired its fenced lock still sees old data"
                        + " and is refused: SET GLOBAL tx_isolation = 'READ-COMMITTED', or set it in the pool");
        fine(
                "useAffectedRows",
                (url.contains("useAffectedRows=true") ? "true" : "false")
                        + "; both values work, as claims do not count rows");
        table();
    }

    private boolean isThere() throws SQLException {
        return !query("SELECT count(*) FROM information_schema.tables WHERE table_schema = database()"
                        + " AND table_name = '" + FenceTable.NAME + "'")
                .equals("0");
    }

    private void table() throws SQLException {
        if (!isThere()) {
            boolean mayCreate = !query(
                            "SELECT (SELECT count(*) FROM information_schema.user_privileges WHERE privilege_type ="
                                    + " 'CREATE') + (SELECT count(*) FROM information_schema.schema_privileges WHERE"
                                    + " privilege_type = 'CREATE' AND database() LIKE table_schema)")
                    .equals("0");
            check(
                    FenceTable.NAME,
                    mayCreate ? "missing; the agent will create it" : "missing, or hidden from this user",
                    mayCreate,
                    query("SELECT current_user()")
                            + " may not create it: let an administrator run the statements that 'ddl mysql --role "
                            + query("SELECT current_user()") + "' prints");
            return;
        }
        String lacking = lacking();
        check(
                FenceTable.NAME,
                lacking.isEmpty() ? "present" : "present, without the right to " + lacking,
                lacking.isEmpty(),
                "let an administrator run: GRANT " + lacking + " ON " + FenceTable.NAME + " TO "
                        + query("SELECT current_user()"));
        if (!lacking.contains("SELECT")) {
            format(FenceTable.NAME, 1);
        }
    }

    /** The rights that the user lacks. EXPLAIN needs the rights of its statement, but does not run it. */
    private String lacking() {
        StringBuilder lacking = new StringBuilder();
        String[][] plans = {
            {"SELECT", "EXPLAIN SELECT token FROM " + FenceTable.NAME},
            {"INSERT", "EXPLAIN INSERT INTO " + FenceTable.NAME + " (name, token, owner) VALUES ('', 0, '')"},
            {"UPDATE", "EXPLAIN UPDATE " + FenceTable.NAME + " SET token = 0"},
            {"DELETE", "EXPLAIN DELETE FROM " + FenceTable.NAME}
        };
        for (String[] plan : plans) {
            try {
                query(plan[1]);
            } catch (SQLException e) {
                if (e.getErrorCode() != DENIED) {
                    continue;
                }
                lacking.append(lacking.isEmpty() ? "" : ", ").append(plan[0]);
            }
        }
        return lacking.toString();
    }
}
