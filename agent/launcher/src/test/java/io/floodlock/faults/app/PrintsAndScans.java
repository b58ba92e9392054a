package io.floodlock.faults.app;

import io.floodlock.Queued;
import java.util.concurrent.CompletableFuture;

/** Two kinds of calls in one queue. */
public final class PrintsAndScans {

    private PrintsAndScans() {}

    static void load() {
        Console.say("loaded");
    }

    static String print(String what) throws Exception {
        return printed(what).get();
    }

    @Queued(queue = "office", name = "print")
    private static CompletableFuture<String> printed(String what) {
        return CompletableFuture.completedFuture("printed " + what);
    }

    @Queued(queue = "office", name = "scan", key = "{what}")
    static void scan(String what) {
        Console.say("scanned " + what);
    }
}
