package io.floodlock.runtime.queue.lane;

import java.util.concurrent.CompletableFuture;

/**
 * The calls that a lane had at a moment: all that it had read, and all that its earlier owners had left. {@link
 * Lane#cut} makes it. Thread-safe.
 */
public interface LaneCut {

    /** Whether each of the calls has left the lane, as far as this JVM knows. */
    boolean hasEnded();

    /** Completes when all that is known now is stored, exceptionally if the lane ends first. */
    CompletableFuture<Void> stored();
}
