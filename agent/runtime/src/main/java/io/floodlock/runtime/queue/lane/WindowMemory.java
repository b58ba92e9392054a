package io.floodlock.runtime.queue.lane;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory for calls that were read and wait, shared evenly by all lanes that this JVM owns, of all queues. So
 * large calls fill a lane's window by their bytes before they fill the heap. Thread-safe.
 */
public final class WindowMemory {

    private static final long LEAST = 64 * 1024;

    private final long total;
    private final AtomicInteger lanes = new AtomicInteger();

    WindowMemory(long total) {
        this.total = total;
    }

    /** An eighth of the largest heap. */
    public static WindowMemory ofHeap() {
        return new WindowMemory(Runtime.getRuntime().maxMemory() / 8);
    }

    public void added() {
        lanes.incrementAndGet();
    }

    public void removed() {
        lanes.decrementAndGet();
    }

    /** The bytes of calls that one lane may hold. */
    public long share() {
        return Math.max(LEAST, total / Math.max(1, lanes.get()));
    }
}
