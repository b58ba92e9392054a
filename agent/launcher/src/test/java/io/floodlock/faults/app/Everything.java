package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A program that uses all four annotations once, and ends. */
public final class Everything {

    private static final CountDownLatch WRITTEN = new CountDownLatch(1);

    private Everything() {}

    /** @param args a line to write; how to end: {@code end}, {@code exit} or {@code throw} */
    public static void main(String[] args) throws Exception {
        Floodlock.requireAgent();
        read();
        write(args[0]);
        WRITTEN.await();
        Console.say(answer("all").get());
        switch (args[1]) {
            case "exit" -> System.exit(7);
            case "throw" -> throw new IllegalStateException("thrown by main");
            default -> {
                // ends
            }
        }
    }

    @SharedLock(key = "everything")
    private static void read() {
        Console.say("reading");
    }

    @Queued(queue = "everything", attempts = 1)
    @PessimisticLock(key = "everything")
    @DistributedTx
    private static void write(String line) throws SQLException {
        Databases.write("one", line);
        Databases.write("two", line);
        WRITTEN.countDown();
    }

    @Queued(queue = "everything", attempts = 1)
    private static CompletableFuture<String> answer(String what) {
        return CompletableFuture.completedFuture(what + " done");
    }
}
