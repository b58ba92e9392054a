package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.SQLException;

/** Transactions without any framework, which outlive the methods with locks that are called in them. */
final class PlainJdbc {

    private PlainJdbc() {}

    /** Its commit waits at the gate that has the line's name. */
    static void write(String item, String line) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            locked(connection, item, line);
            Console.say("committing " + line + " true");
            Console.waitAt(line);
            connection.commit();
        }
    }

    /** As write, in a transaction of the agent's. */
    @DistributedTx
    static void writeDistributed(String item, String line) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            locked(connection, item, line);
        }
        Console.say("committing " + line + " true");
        Console.waitAt(line);
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    private static void locked(Connection connection, String item, String line) throws SQLException {
        Databases.insert(connection, line);
    }
}
