package io.floodlock.runtime.tool;

import io.floodlock.runtime.fence.FenceTable;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import java.sql.SQLException;
import java.sql.Statement;

/** The checks of a PostgreSQL database. */
final class PostgresChecks extends DatabaseChecks {

    private final boolean alone;

    PostgresChecks(Statement statement, String at, boolean alone) {
        super(statement, at);
        this.alone = alone;
    }

    @Override
    void look() throws SQLException {
        check(
                "writable",
                setting("transaction_read_only").equals("off") ? "yes" : "no",
                setting("transaction_read_only").equals("off"),
                "the server is a replica or read-only: use the URL of the primary");
        String prepared = setting("max_prepared_transactions");
        check(
                "max_prepared_transactions",
                prepared,
                !prepared.equals("0"),
                !alone,
                "it can only be the primary of a @DistributedTx. For all other databases: ALTER SYSTEM SET"
                        + " max_prepared_transactions = 100, then restart the server");
        String others = query("SELECT string_agg(gid || ' of ' || coalesce('role ' || owner, 'a dropped role'), ', ')"
                + " FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, 'fl1:')"
                + " AND prepared < clock_timestamp() - interval '3 seconds'"
                + " AND NOT coalesce(owner = current_user, false)"
                + " AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)");
        check(
                "branches of other roles",
                others == null ? "none" : others,
                others == null,
                "they are prepared and their rows are locked, and role " + role()
                        + " may not finish them: connect recovery with their"
                        + " role. Or run, as that role or a superuser, COMMIT PREPARED if a row of "
                        + DecisionTable.NAME
                        + " with state C lists the branch, otherwise ROLLBACK PREPARED");
        is("fsync", "on", "a crash loses committed data: ALTER SYSTEM SET fsync = on");
        String commit = setting("synchronous_commit");
        check(
                "synchronous_commit",
                commit,
                !commit.equals("off"),
                "a crash loses the last commits: ALTER SYSTEM SET synchronous_commit = on");
        String idle = setting("idle_in_transaction_session_timeout");
        check(
                "idle_in_transaction_session_timeout",
                idle,
                !idle.equals("0"),
                isThere(FenceTable.NAME),
                "where locks are fenced, a process that is suspended in a transaction keeps its row of floodlock_fence"
                        + " locked, and all callers that need that key wait forever: ALTER ROLE " + role()
                        + " SET idle_in_transaction_session_timeout = '60s'");
        is(
                "default_transaction_isolation",
                "read committed",
                "a transaction that began before it acquired its fenced lock would see old data and is refused:"
                        + " ALTER ROLE " + role() + " SET default_transaction_isolation = 'read committed'");
        table(DecisionTable.NAME, "SELECT", "INSERT", "DELETE");
        table(FenceTable.NAME, "SELECT", "INSERT", "UPDATE", "DELETE");
    }

    private String setting(String name) throws SQLException {
        return query("SELECT current_setting('" + name + "')");
    }

    private String role() throws SQLException {
        return query("SELECT quote_ident(current_user)");
    }

    private void is(String name, String expected, String remedy) throws SQLException {
        String value = setting(name);
        check(name, value, value.equals(expected), remedy);
    }

    private boolean isThere(String table) throws SQLException {
        return query("SELECT to_regclass('" + table + "')") != null;
    }

    private void table(String table, String... privileges) throws SQLException {
        if (!isThere(table)) {
            boolean mayCreate =
                    "t".equals(query("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"));
            check(
                    table,
                    mayCreate ? "missing; the agent will create it" : "missing",
                    mayCreate,
                    "role " + role()
                            + " may not create it: let the schema's owner run the statements that"
                            + " 'ddl postgresql --role "
                            + role() + "' prints");
            return;
        }
        StringBuilder lacking = new StringBuilder();
        for (String privilege : privileges) {
            if (!"t".equals(query("SELECT has_table_privilege('" + table + "', '" + privilege + "')"))) {
                lacking.append(lacking.isEmpty() ? "" : ", ").append(privilege);
            }
        }
        check(
                table,
                lacking.isEmpty() ? "present" : "present, without the right to " + lacking,
                lacking.isEmpty(),
                "let its owner run: GRANT " + lacking + " ON " + table + " TO " + role());
        if (lacking.indexOf("SELECT") < 0) {
            format(table, 1);
        }
    }
}
