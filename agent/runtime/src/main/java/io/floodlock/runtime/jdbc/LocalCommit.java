package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What one {@link LocalTransaction} runs last, and how its savepoints shorten that. {@link LocalRole} calls it. As
 * thread-safe as the connection.
 */
final class LocalCommit {

    private final CommitPart part;
    private final List<Mark> marks = new ArrayList<>(0);

    /** @param size of the part when the savepoint was set */
    private record Mark(Savepoint set, int size) {}

    LocalCommit(CommitPart part) {
        this.part = part;
    }

    CommitPart part() {
        return part;
    }

    void savepoint(Savepoint set) {
        marks.add(new Mark(set, part.size()));
    }

    /** A savepoint without a mark was set before there was anything to run last. */
    void rolledBackTo(Savepoint savepoint) {
        int size = 0;
        for (Mark mark : marks) {
            size = mark.set == savepoint ? mark.size : size;
        }
        if (part.size() > size) {
            part.shorten(size);
        }
    }

    /** Refuses a text that would end the transaction, or a part of it, unseen. */
    void refuseEnd(String text, Function<FloodlockFailure, RuntimeException> toCaller) {
        if (part.size() == 0) {
            return;
        }
        Sql sql = Sql.of(text);
        String refused = sql.ending();
        if (refused == null && sql.savepoints() && sql.verb().equals("ROLLBACK")) {
            refused = "ROLLBACK TO";
        }
        if (refused != null) {
            throw toCaller.apply(Failure.ILLEGAL_TRANSACTION.because(refused
                    + " as SQL text is refused in a transaction in which calls of queued methods were made: the agent"
                    + " would not see which of them it commits; use the connection's setAutoCommit(), commit(),"
                    + " rollback() and savepoints"));
        }
    }

    void write(Connection connection) throws SQLException {
        if (part.size() > 0) {
            part.write(connection);
        }
    }

    void beforeClose(Connection connection) throws SQLException {
        if (part.size() > 0) {
            part.beforeClose(connection);
        }
    }
}
