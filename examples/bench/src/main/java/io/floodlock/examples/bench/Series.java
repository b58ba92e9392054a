package io.floodlock.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** The samples of one variant, round by round. Not thread-safe. */
final class Series {

    private final List<Double> values = new ArrayList<>();
    private Histogram nanos;

    /** A single figure. */
    static Series of(double value) {
        Series series = new Series();
        series.add(Sample.of(value));
        return series;
    }

    void add(Sample sample) {
        values.add(sample.value());
        if (sample.nanos() != null) {
            if (nanos == null) {
                nanos = Load.histogram();
            }
            nanos.add(sample.nanos());
        }
    }

    double min() {
        return sorted(values).get(0);
    }

    double median() {
        return median(values);
    }

    double max() {
        return sorted(values).get(values.size() - 1);
    }

    /** The microseconds within which this percentage of the operations ended; NaN if operations were not timed. */
    double micros(double percentile) {
        return nanos == null ? Double.NaN : nanos.getValueAtPercentile(percentile) / 1000.0;
    }

    /** The median, over all rounds, of this value divided by the peer's value in the same round. */
    double ratioTo(Series peer) {
        return combined(peer, (ours, theirs) -> ours / theirs);
    }

    /** The median, over all rounds, of this value minus the peer's value in the same round. */
    double differenceTo(Series peer) {
        return combined(peer, (ours, theirs) -> ours - theirs);
    }

    private double combined(Series peer, DoubleBinaryOperator operator) {
        return median(IntStream.range(0, values.size())
                .mapToObj(round -> operator.applyAsDouble(values.get(round), peer.values.get(round)))
                .toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = sorted(values);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static List<Double> sorted(List<Double> values) {
        return values.stream().sorted().toList();
    }
}
