package io.floodlock.examples.chaos.worker;

/** Counts the time in which this JVM ran: a stop of the process is one late tick. */
final class Ticks {

    static final long MILLIS = 10;

    private volatile long count;

    /** Called by one thread, each time it has slept for {@link #MILLIS}. */
    void tick() {
        count++;
    }

    long millis() {
        return count * MILLIS;
    }
}
