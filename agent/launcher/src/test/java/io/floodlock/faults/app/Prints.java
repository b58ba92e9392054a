package io.floodlock.faults.app;

import io.floodlock.Queued;
import java.util.concurrent.CompletableFuture;

/** An older version of {@link PrintsAndScans}: it knows one of the calls that the queue holds. */
public final class Prints {

    private Prints() {}

    static void load() {
        Console.say("loaded");
    }

    @Queued(queue = "office", name = "print")
    static CompletableFuture<String> print(String what) {
        return CompletableFuture.completedFuture("printed " + what);
    }
}
