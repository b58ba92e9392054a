package io.floodlock.examples.shop.trial;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;

/**
 * The orders of all customers. Each order is sent until a JVM acknowledges it: if the JVM was killed or the call
 * failed, the order is sent again with the same number, perhaps to another JVM. Thread-safe.
 */
public final class Demand {

    private static final long PAUSE_NANOS = 500_000_000;
    private static final int TRIES = 100;

    /** A failed order, and the time before which it must not be sent again. */
    private record Again(long id, long notBefore) {}

    private final Queue<Again> again = new ArrayDeque<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<Long, Integer> failures = new HashMap<>();
    private final List<Long> callMicros = new ArrayList<>();
    private long total;
    private long issued;
    private long reports;
    private long unsoundReports;
    private String lastFailure = "none";

    /** A demand of this many orders; {@link Long#MAX_VALUE} means until {@link #stop()}. */
    public Demand(long total) {
        this.total = total;
    }

    /** Stops issuing new orders; orders that were already sent are completed. */
    public synchronized void stop() {
        total = issued;
    }

    synchronized OptionalLong next() {
        if (!again.isEmpty() && again.peek().notBefore() - System.nanoTime() <= 0) {
            return OptionalLong.of(again.remove().id());
        }
        return issued < total ? OptionalLong.of(++issued) : OptionalLong.empty();
    }

    synchronized void done(long id, long micros, String report) {
        acknowledged.add(id);
        callMicros.add(micros);
        if (!report.equals("none")) {
            reports++;
        }
        if (report.equals("unsound")) {
            unsoundReports++;
        }
    }

    synchronized void failed(long id, String why) {
        lastFailure = why;
        if (failures.merge(id, 1, Integer::sum) < TRIES) {
            again.add(new Again(id, System.nanoTime() + PAUSE_NANOS));
        }
    }

    synchronized void putBack(Collection<Long> ids) {
        ids.forEach(id -> again.add(new Again(id, System.nanoTime())));
    }

    /** Whether each order has been acknowledged or finally refused. */
    public synchronized boolean isOver() {
        return issued == total && acknowledged.size() + refused() == issued;
    }

    /** The number of orders that failed at every try. */
    public synchronized long refused() {
        return failures.values().stream().filter(times -> times >= TRIES).count();
    }

    synchronized Set<Long> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /** The number of acknowledged calls; repeated calls of the same order count once. */
    public synchronized long calls() {
        return acknowledged.stream().mapToLong(Customer::calls).sum();
    }

    public synchronized String lastFailure() {
        return lastFailure;
    }

    synchronized long reports() {
        return reports;
    }

    public synchronized long unsoundReports() {
        return unsoundReports;
    }

    /** The time in milliseconds within which this share of the calls that place an order returned. */
    synchronized double callMillis(double share) {
        List<Long> sorted = callMicros.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share)) / 1000.0;
    }
}
