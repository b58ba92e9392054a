package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.Queued;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Transactions that make calls of queued methods. */
public final class Chained {

    private static final AtomicInteger STUMBLES = new AtomicInteger();

    private Chained() {}

    /** Uses the database, so that this JVM knows it, and loads this class, so that its queues are consumed. */
    @DistributedTx
    static void load() throws SQLException {
        Databases.write("one", "loaded");
        Console.say("loaded");
    }

    /** Writes and calls, and waits before it commits. */
    @DistributedTx
    static String place(String line, String gate) throws SQLException {
        Databases.write("one", line);
        follow(line);
        Console.say("placed " + line);
        Console.waitAt(gate);
        return "committed";
    }

    /** The control. */
    static String placeUnprotected(String line, String gate) throws SQLException {
        follow(line);
        Console.say("placed " + line);
        Console.waitAt(gate);
        Databases.write("one", line);
        return "written";
    }

    @DistributedTx
    static void begin(String line) throws SQLException {
        Databases.write("one", line);
        stumble(line);
    }

    @Queued(queue = "chained", key = "{line}", backoff = "10ms..10ms")
    @DistributedTx
    private static void stumble(String line) throws SQLException {
        Databases.write("one", "stumbled " + line);
        follow(line);
        if (STUMBLES.incrementAndGet() < 3) {
            throw new IllegalStateException("stumbled");
        }
    }

    @Queued(queue = "chained", key = "{line}")
    @DistributedTx
    private static void follow(String line) throws SQLException {
        Databases.write("one", "followed " + line);
        Console.say("followed " + line);
    }
}
