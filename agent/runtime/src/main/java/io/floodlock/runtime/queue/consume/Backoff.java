package io.floodlock.runtime.queue.consume;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Computes the pauses between the attempts of a call; {@code CallRun} uses it. The pause starts at {@code first} and
 * doubles with each failure up to {@code longest}. The jitter then reduces it by up to a half.
 */
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
