package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Queued bodies with a transaction of their own, and one without. */
public final class Recorded {

    private Recorded() {}

    /** Uses the database, so that this JVM knows it, and loads this class, so that its queues are consumed. */
    static void load() throws SQLException {
        Databases.write("one", "loaded");
        Console.say("loaded");
    }

    static String run(String what, String gate) throws Throwable {
        try {
            return switch (what) {
                case "both" -> both(what, gate).get();
                case "once" -> once(what, gate).get();
                case "unprotected" -> unprotected(what, gate).get();
                case "commits" -> commits(what).get();
                case "fails" -> fails(what).get();
                case "unfinished" -> unfinished(what).get();
                default -> throw new IllegalArgumentException(what);
            };
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    static void store(String what) throws SQLException {
        nothing(what);
    }

    @Queued(queue = "recorded", key = "{what}", waitTime = "1m")
    @DistributedTx
    private static CompletableFuture<String> once(String what, String gate) throws SQLException {
        write(what, gate, "one");
        return CompletableFuture.completedFuture(what + " done");
    }

    @Queued(queue = "recorded", key = "{what}", waitTime = "1m")
    @PessimisticLock(key = "item:{what}", fenced = true)
    @DistributedTx
    private static CompletableFuture<String> both(String what, String gate) throws SQLException {
        write(what, gate, "two", "one");
        return CompletableFuture.completedFuture(what + " done");
    }

    @Queued(queue = "recorded", key = "{what}", waitTime = "1m")
    private static CompletableFuture<String> unprotected(String what, String gate) throws SQLException {
        write(what, gate, "one");
        return CompletableFuture.completedFuture(what + " done");
    }

    private static void write(String what, String gate, String... databases) throws SQLException {
        Console.say("running " + what);
        for (String database : databases) {
            Databases.write(database, what);
        }
        Console.waitAt(gate);
    }

    @Queued(queue = "recorded", waitTime = "1m")
    @DistributedTx
    private static CompletableFuture<String> commits(String what) throws SQLException, IOException {
        Databases.write("one", what);
        throw new IOException("sold out");
    }

    /** Its future has failed, which rolls back as if it threw. */
    @Queued(queue = "recorded", waitTime = "1m", attempts = 2, backoff = "10ms..10ms")
    @DistributedTx
    private static CompletableFuture<String> fails(String what) throws SQLException {
        Databases.write("one", what);
        return CompletableFuture.failedFuture(new IllegalStateException("never"));
    }

    @Queued(queue = "recorded", waitTime = "1m", attempts = 1)
    @DistributedTx
    private static CompletableFuture<String> unfinished(String what) throws SQLException {
        Databases.write("one", what);
        return new CompletableFuture<>();
    }

    @Queued(queue = "recorded", key = "{what}", waitTime = "1m")
    @DistributedTx
    private static void nothing(String what) throws SQLException {
        Console.say("running " + what);
        Databases.write("one", what);
    }
}
