package io.floodlock.runtime.tx.dialect;

import io.floodlock.runtime.jdbc.driver.CommitFailure;
import java.sql.SQLException;

/** The messages for an application whose commit PostgreSQL refuses: the reason and the remedy. */
final class PostgresRollbackReasons {

    private static final String ENDED_BY_SQL = "SQL text ended the transaction before the method did";

    private PostgresRollbackReasons() {}

    static String ofPrepare(SQLException e, String database, RecoveryRole recoverer) {
        String state = String.valueOf(e.getSQLState());
        String message = String.valueOf(e.getMessage());
        if (state.equals("55000") && message.contains("prepared transactions are disabled")
                || message.contains("max_prepared_transactions")) {
            return message
                    + "; set max_prepared_transactions in its postgresql.conf to at least the number of concurrent"
                    + " transactions and restart it (only the database that hosts decisions does not need it)";
        }
        return switch (PostgresGuards.guard(e)) {
            case ANOTHER_TRANSACTION -> ENDED_BY_SQL;
            case ANOTHER_ROLE -> ofRole(PostgresGuards.otherRole(e), database, recoverer.name());
            default ->
                switch (state) {
                    case "0A000" ->
                        message
                                + "; make it the database that hosts decisions, which is never prepared:"
                                + " floodlock.tx.home";
                    case "25P02" -> "an earlier error has doomed its transaction";
                    default -> message;
                };
        };
    }

    private static String ofRole(String role, String database, String login) {
        return "its transaction runs as role " + role
                + ", and PostgreSQL lets only that role finish what it prepares, but"
                + " recovery connects as " + login + "; make " + database + " the database that hosts decisions,"
                + " which is never prepared (floodlock.tx.home), or RESET ROLE before the method ends, or, if the"
                + " pool sets the role, let the server set it: ALTER ROLE " + login + " SET role = '" + role + "'";
    }

    static String ofDecision(SQLException e, DatabaseFacts host) {
        return switch (PostgresGuards.guard(e)) {
            case ANOTHER_TRANSACTION -> ENDED_BY_SQL;
            case TOO_OLD -> "its transaction is older than an hour";
            case ANOTHER_TABLE ->
                host.table() + " was dropped, emptied or rewritten meanwhile; the next transaction reads it again";
            default -> ofItsTable(e, host);
        };
    }

    private static String ofItsTable(SQLException e, DatabaseFacts host) {
        String message = String.valueOf(e.getMessage());
        return switch (String.valueOf(e.getSQLState())) {
            case "23505" ->
                DecisionTable.NAME.equals(CommitFailure.table(e))
                        ? "recovery has aborted the transaction because its timeout had passed"
                        : message;
            case "42501" ->
                message.contains(DecisionTable.NAME)
                        ? message
                                + "; the role at the end of the transaction (by SET ROLE, SET LOCAL ROLE, or the"
                                + " pool's first SQL) needs this right: GRANT SELECT, INSERT, DELETE ON " + host.table()
                                + " TO that role; or RESET ROLE before the method ends"
                        : message;
            default -> isOfTable(e) ? message + "; the next transaction creates it where its role may" : message;
        };
    }

    /** Whether the decision table is not the known one, or is missing. */
    static boolean isOfTable(SQLException e) {
        return PostgresGuards.guard(e) == PostgresGuards.Guard.ANOTHER_TABLE
                || ("42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState()))
                        && String.valueOf(e.getMessage()).contains(DecisionTable.NAME);
    }
}
