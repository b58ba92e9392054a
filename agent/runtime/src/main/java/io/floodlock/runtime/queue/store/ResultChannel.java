package io.floodlock.runtime.queue.store;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Carries results of calls to the JVMs that made them. Thread-safe. */
public interface ResultChannel {

    /**
     * Calls {@code look} when results for this session may have been stored, and after each interruption. Hints may be
     * lost.
     */
    CompletableFuture<Void> listen(UUID session, Runnable look);

    /** Passes all results for the session, each by the id of its call, and then removes them. */
    CompletableFuture<Void> take(UUID session, BiConsumer<String, byte[]> found);

    /** Stores results for a session, for ten minutes. Storing them again does no harm. */
    CompletableFuture<Void> store(UUID session, Map<String, byte[]> results);
}
