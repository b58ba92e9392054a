package io.floodlock.examples.bench;

import org.HdrHistogram.Histogram;

/**
 * What one variant gave in one round.
 *
 * @param value operations per second, or another figure whose unit the case names
 * @param nanos how long single operations took; null where that was not measured
 */
record Sample(double value, Histogram nanos) {

    static Sample of(double value) {
        return new Sample(value, null);
    }
}
