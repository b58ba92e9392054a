package io.floodlock.runtime.queue.engine;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Pauses between attempts: the first, doubled each time up to the longest, each between half of it and the whole. */
record Backoff(Duration first, Duration longest) {

    /**
     * @param failures so far, at least 1
     * @param jitter from 0 to 1
     */
    Duration after(int failures, DoubleSupplier jitter) {
        long whole = first.toMillis();
        for (int i = 1; i < failures && whole < longest.toMillis(); i++) {
            whole *= 2;
        }
        whole = Math.min(whole, longest.toMillis());
        return Duration.ofMillis(whole - (long) (whole / 2 * jitter.getAsDouble()));
    }
}
