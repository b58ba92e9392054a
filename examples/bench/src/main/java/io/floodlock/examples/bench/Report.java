package io.floodlock.examples.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects the cases and goals of one bench and prints each one when it is added. Not thread-safe. */
final class Report {

    private final PrintStream out;
    private final List<Case> cases = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();
    private int failures;

    Report(PrintStream out) {
        this.out = out;
    }

    /** A case whose value is operations per second. */
    void operations(String name, Series series) {
        add(name, "ops/s", series);
    }

    /** A case with another unit, as {@code "ms"} for a start. */
    void add(String name, String unit, Series series) {
        Case one =
                new Case(name, unit, series.min(), series.median(), series.max(), series.micros(50), series.micros(99));
        cases.add(one);
        out.println(one);
    }

    /** A line that is neither a case nor a goal. */
    void note(String line) {
        out.println(line);
    }

    /** A goal on the ratio of our value to the peer's, judged by the median of the ratios of all rounds. */
    void ratioGoal(String name, Series ours, String peer, Series theirs, Want want) {
        add(Goal.of(name, ours.median(), peer, theirs.median(), "ratio", ours.ratioTo(theirs), want));
    }

    /** A goal on our value minus the peer's, judged by the median of the differences of all rounds. */
    void differenceGoal(String name, Series ours, String peer, Series theirs, Want want) {
        add(Goal.of(name, ours.median(), peer, theirs.median(), "diff", ours.differenceTo(theirs), want));
    }

    /** A goal on the ratio of two figures that are not values per round, as percentiles. */
    void ratioGoal(String name, double ours, String peer, double theirs, Want want) {
        add(Goal.of(name, ours, peer, theirs, "ratio", ours / theirs, want));
    }

    /** A goal on the difference of two figures that are not values per round. */
    void differenceGoal(String name, double ours, String peer, double theirs, Want want) {
        add(Goal.of(name, ours, peer, theirs, "diff", ours - theirs, want));
    }

    private void add(Goal goal) {
        goals.add(goal);
        out.println(goal);
    }

    /** A row that could not be measured. */
    void failed(String name, Throwable why) {
        failures++;
        out.println("failed " + name + " "
                + String.valueOf(why.getMessage()).lines().findFirst().orElse(""));
        why.printStackTrace();
    }

    int failures() {
        return failures;
    }

    List<Case> cases() {
        return cases;
    }

    List<Goal> goals() {
        return goals;
    }

    /** The bound of a goal, printed as {@code >=2.5}. */
    record Want(String comparison, double bound) {

        static Want atLeast(double bound) {
            return new Want(">=", bound);
        }

        static Want atMost(double bound) {
            return new Want("<=", bound);
        }

        boolean met(double value) {
            return comparison.equals(">=") ? value >= bound : value <= bound;
        }

        @Override
        public String toString() {
            return comparison + number(bound);
        }
    }

    /** One measured case. The percentiles are NaN if single operations were not timed. */
    record Case(String name, String unit, double min, double median, double max, double p50Micros, double p99Micros) {

        @Override
        public String toString() {
            String line = "%s %s(%s %s %s)".formatted(name, unit, number(min), number(median), number(max));
            return Double.isNaN(p50Micros)
                    ? line
                    : line + " p50_us " + number(p50Micros) + " p99_us " + number(p99Micros);
        }
    }

    /** One goal and whether it is met. */
    record Goal(
            String name,
            double ours,
            String peer,
            double theirs,
            String measure,
            double value,
            String want,
            boolean met) {

        static Goal of(String name, double ours, String peer, double theirs, String measure, double value, Want want) {
            return new Goal(name, ours, peer, theirs, measure, value, want.toString(), want.met(value));
        }

        @Override
        public String toString() {
            return "goal %s ours %s peer %s %s %s %s want %s %s"
                    .formatted(
                            name,
                            number(ours),
                            peer,
                            number(theirs),
                            measure,
                            number(value),
                            want,
                            met ? "met" : "short");
        }
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value).replaceFirst("\\.0+$", "");
    }
}
