package io.floodlock.faults.app;

import io.floodlock.Queued;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Queued bodies. */
public final class Jobs {

    private Jobs() {}

    /** Loads this class, so that its queues are consumed. */
    static void load() {
        Console.say("loaded");
    }

    /** Waits until another JVM, or this one, has run it; throws what its future ends with. */
    static String run(String what) throws Throwable {
        try {
            return job(what).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    @Queued(queue = "jobs", name = "job", waitTime = "1m")
    private static CompletableFuture<String> job(String what) {
        Console.say("ran " + what);
        return CompletableFuture.completedFuture(what + " done");
    }

    @Queued(queue = "jobs", key = "{what}", waitTime = "1s")
    static void storeBriefly(String what) {
        Console.say("ran " + what);
    }

    @Queued(queue = "jobs", key = "{what}", waitTime = "1m")
    static void store(String what) {
        Console.say("ran " + what);
    }

    static String lockBriefly(String item) {
        return Locks.lockBriefly(item);
    }

    static String lock(String item) {
        return Locks.lock(item);
    }

    static String hold(String item, String gate) {
        return Locks.hold(item, gate);
    }

    /** Runs until the test lets it, then writes. */
    @Queued(queue = "jobs", key = "{line}", waitTime = "1m")
    static void write(String line, String gate) throws SQLException {
        Console.say("running " + line);
        Console.waitAt(gate);
        Databases.write("one", line);
        Console.say("wrote " + line);
    }

    /** The same without a queue. */
    static void writeUnprotected(String line, String gate) throws SQLException {
        Console.say("running " + line);
        Console.waitAt(gate);
        Databases.write("one", line);
    }

    @Queued(queue = "jobs", waitTime = "1m")
    static void exit(String status) {
        Console.say("exiting");
        System.exit(Integer.parseInt(status));
    }
}
