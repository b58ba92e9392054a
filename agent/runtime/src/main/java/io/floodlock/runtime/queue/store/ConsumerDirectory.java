package io.floodlock.runtime.queue.store;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The JVMs that consume one queue. Thread-safe. */
public interface ConsumerDirectory {

    /**
     * @param layout whose calls are to run
     * @param isFormer whether the queue has another layout, whose calls run after those of this one
     * @param paused whether no call is to start
     * @param pausedKeys whose calls are not to start
     * @param members the text of each registration that is valid, by session
     */
    record Found(String layout, boolean isFormer, boolean paused, Set<String> pausedKeys, Map<UUID, String> members) {}

    /**
     * Registers this JVM, and lists all. Stores the layout again if it is lost.
     *
     * @param valid how long the registration stays without a renewal; zero removes it
     * @param known the layout that this JVM knows
     */
    CompletableFuture<Found> announce(UUID self, Duration valid, String text, LaneLayout known);
}
