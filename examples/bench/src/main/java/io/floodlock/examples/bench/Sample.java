package io.floodlock.examples.bench;

import org.HdrHistogram.Histogram;

/**
 * The result of one variant in one round.
 *
 * @param value operations per second, or another figure whose unit the case names
 * @param nanos the durations of single operations; null if they were not measured
 */
record Sample(double value, Histogram nanos) {

    static Sample of(double value) {
        return new Sample(value, null);
    }
}
