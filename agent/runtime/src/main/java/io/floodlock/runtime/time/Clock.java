package io.floodlock.runtime.time;

/** The two clocks by which leases are judged: nano time and wall clock. Tests replace it. Thread-safe. */
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

    /** Milliseconds since 1970. Continues while a suspended machine stops {@link #nanoTime()}, and may jump. */
    long wallMillis();
}
