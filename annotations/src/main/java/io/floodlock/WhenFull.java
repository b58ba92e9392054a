package io.floodlock;

/** The behavior of a {@link Queued} call when its queue is full. */
public enum WhenFull {
    /** Waits for room for up to {@link Queued#waitTime()}, then throws {@link QueueFullException}. */
    BLOCK,
    /** Throws {@link QueueFullException} at once. */
    REJECT
}
