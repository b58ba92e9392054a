package io.floodlock.runtime.time;

/** Time as leases see it; set by tests. */
public interface Clock {

    Clock SYSTEM = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    };

    long nanoTime();

    /** Counts on where a suspended machine stops {@link #nanoTime()}, and may jump. */
    long wallMillis();
}
