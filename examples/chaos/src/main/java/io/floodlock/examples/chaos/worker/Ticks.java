package io.floodlock.examples.chaos.worker;

/** Counts the time during which this JVM ran: a stop of the process counts as one late tick. */
final class Ticks {

    static final long MILLIS = 10;

    private volatile long count;

    /** Called by one thread after each sleep of {@link #MILLIS}. */
    void tick() {
        count++;
    }

    long millis() {
        return count * MILLIS;
    }
}
