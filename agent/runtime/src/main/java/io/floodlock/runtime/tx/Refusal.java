package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.SQLException;

/** What the application is told where PostgreSQL refuses a step of the commit: why, and what would help. */
final class Refusal {

    private Refusal() {}

    static FloodlockFailure rolledBack(Transaction transaction, String why, Throwable cause) {
        return Failure.TRANSACTION_ROLLED_BACK.because(transaction.site() + ": rolled back, as " + why, cause);
    }

    static String ofPrepare(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = String.valueOf(e.getMessage());
        if (state.equals("55000") && message.contains("prepared transactions are disabled")
                || message.contains("max_prepared_transactions")) {
            return message
                    + "; set max_prepared_transactions in its postgresql.conf to at least the number of concurrent"
                    + " transactions and restart it (only the database that hosts decisions can do without)";
        }
        return switch (state) {
            case "0A000" ->
                message + "; make it the database that hosts decisions, which is never prepared: floodlock.tx.home";
            case "22012" -> "SQL text ended the transaction before the method did";
            case "25P02" -> "an earlier error has doomed its transaction";
            default -> message;
        };
    }

    static String ofDecision(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "22012" -> "SQL text ended the transaction before the method did, or it is older than an hour";
            case "23505" -> "recovery has aborted the transaction, as its time was over";
            default -> e.getMessage();
        };
    }
}
