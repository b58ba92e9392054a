package io.floodlock.faults.app;

import io.floodlock.Queued;
import java.sql.Connection;
import java.sql.SQLException;

/** Transactions of plain JDBC that make calls of a queued method. Nothing here is distributed. */
public final class PlainCalls {

    private PlainCalls() {}

    /** Uses the database, so that this JVM knows it, and loads this class, so that its queue is consumed. */
    static void load() throws SQLException {
        Databases.write("one", "loaded");
        Console.say("loaded");
    }

    /** Calls and writes, and waits before it commits. */
    static String place(String line, String gate) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            follow(line);
            Databases.insert(connection, line);
            Console.say("placed " + line);
            Console.waitAt(gate);
            connection.commit();
        }
        return "committed";
    }

    /** The control. */
    static String placeUnprotected(String line, String gate) throws SQLException {
        follow(line);
        return place(line, gate);
    }

    /** In a transaction that is not ended. */
    static String forget(String line) throws SQLException {
        Connection connection = Databases.connect("one");
        connection.setAutoCommit(false);
        follow(line);
        return "forgotten";
    }

    static void call(String line) {
        follow(line);
    }

    @Queued(queue = "plain", key = "{line}")
    private static void follow(String line) {
        try {
            Databases.write("one", "followed " + line);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Console.say("followed " + line);
    }
}
