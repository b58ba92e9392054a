package io.floodlock;

/** What a {@link Queued} call does when its queue is full. */
public enum WhenFull {
    /** Waits for room, up to {@link Queued#waitTime()}; then throws {@link QueueFullException}. */
    BLOCK,
    /** Throws {@link QueueFullException} at once. */
    REJECT
}
