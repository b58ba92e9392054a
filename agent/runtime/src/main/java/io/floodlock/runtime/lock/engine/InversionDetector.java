package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.event.LockNesting;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.thread.SlotTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds lock order inversions: it records in which order nested calls acquire their keys, and warns and reports an
 * event when two orders do not agree, so that calls may deadlock until their wait time has passed. It never refuses
 * an acquisition. {@code Acquisition} calls it before the waiting begins. The comment below explains which inversions
 * it can miss and which reports are certain. Thread-safe.
 */
final class InversionDetector {

    /*
     * One call acquires its keys in one fixed order, that of their bytes. Nested calls acquire theirs in the order in
     * which the application makes the calls. If two such orders do not agree, two calls can each hold a key that the
     * other waits for. Such a deadlock appears only when two calls meet, so the detector looks for it in the orders
     * themselves: which keys may be acquired inside which.
     *
     *   node     The form of keys, such as order:{}. It stands for many keys, so a few calls give information about
     *            all of them.
     *   edge     Keys of one form were acquired while a key of the other form was held, by nested calls or by one
     *            call. The edge records how the keys compared, for each order that we know: all inner keys greater,
     *            all smaller, or both.
     *   cycle    An inversion, if in every known order it has keys that go up and keys that go down. Otherwise no
     *            keys could close the cycle: they would only ever grow along it.
     *
     * An edge from a form to itself is a cycle by itself: accounts 1 then 2 here, 7 then 3 there. That proves
     * nothing, because the application may use an order that we do not know (a parent before its children). So the
     * detector tries three orders: by bytes, the engine's own, and natural order. The report says "may". An inversion
     * is certain when the same two keys are acquired in both orders. Pairs of keys are remembered in a table of fixed
     * size in which later pairs overwrite earlier ones, so some certain inversions are missed.
     *
     * Shared holds count like exclusive ones: a waiting writer keeps new readers out, so readers can wait for each
     * other through it. A call that does not wait can block another call but is never blocked itself: so no edge
     * leads to its key.
     *
     * An inversion is reported before the waiting begins, even the first time that two calls meet. Only nested
     * acquisitions and those of several keys are recorded here. Each pair costs one lookup in each of two tables, as
     * long as there are no more pairs than the table of pairs has room for. A thousand keys would have a million
     * pairs. So where there are more pairs, each key is compared only with its nearest keys and with the least and
     * the greatest of each form: an edge learns the same from these as from all pairs.
     */

    private static final Logger log = LoggerFactory.getLogger(InversionDetector.class);

    static final int ORDERS = 3;
    private static final int IN_ALL = 0b111;
    private static final int BY_PEOPLE = 0b100;
    static final int MOST_EDGES = 4_000;
    private static final int MOST_REPORTED = 1_000;
    private static final int PAIRS = 1_024;

    private final Events events;
    private final ConcurrentMap<Forms, Edge> edges = new ConcurrentHashMap<>();
    private final SlotTable<LockNesting> pairs = new SlotTable<>(PAIRS);

    private final ReentrantLock mutex = new ReentrantLock();
    private final Set<Set<String>> reported = new HashSet<>();
    private final Set<Set<String>> proven = new HashSet<>();
    private volatile boolean full;

    private record Forms(String outer, String inner) {}

    /** The keys that were acquired of one form inside another. Written under the mutex. */
    private static final class Edge {
        /** Has a bit for each order in which an inner key was greater ({@code up}) or smaller ({@code down}). */
        volatile int up;

        volatile int down;

        /**
         * The first nesting whose inner key was greater ({@code firstUp}) or not greater ({@code firstDown}) in
         * natural order.
         */
        LockNesting firstUp;

        LockNesting firstDown;
    }

    InversionDetector(Events events) {
        this.events = events;
    }

    /** A call inside another is about to wait for keys. */
    void nested(List<LockRequest> held, String outerSite, List<LockRequest> requested, String site, Buckets names) {
        if ((long) held.size() * requested.size() <= PAIRS) {
            for (LockRequest each : held) {
                for (LockRequest request : requested) {
                    note(each, outerSite, request, site, names);
                }
            }
            return;
        }
        KeyExtremes ofHeld = KeyExtremes.of(held, names);
        for (LockRequest request : requested) {
            ofHeld.forEach(each -> note(each, outerSite, request, site, names));
        }
        KeyExtremes ofRequested = KeyExtremes.of(requested, names);
        for (LockRequest each : held) {
            ofRequested.forEach(request -> note(each, outerSite, request, site, names));
        }
    }

    /** One call is about to acquire keys, in this order. */
    void together(List<LockRequest> sorted, String site, Buckets names) {
        int near = Math.max(1, PAIRS / sorted.size());
        KeyExtremes before = new KeyExtremes(names);
        for (int i = 0; i < sorted.size(); i++) {
            LockRequest request = sorted.get(i);
            for (int j = Math.max(0, i - near); j < i; j++) {
                note(sorted.get(j), site, request, site, names);
            }
            if (near < sorted.size()) {
                before.forEach(each -> note(each, site, request, site, names));
                before.add(request);
            }
        }
    }

    /** @param order 0: by bytes; 1: the engine's own; 2: natural order */
    static int compare(int order, String a, String b, Buckets names) {
        return switch (order) {
            case 0 -> AcquisitionOrder.compareBytes(a, b);
            case 1 -> AcquisitionOrder.compare(a, b, names);
            default -> NaturalOrder.compare(a, b);
        };
    }

    private void note(LockRequest outer, String outerSite, LockRequest inner, String innerSite, Buckets names) {
        if (outer.name().equals(inner.name())) {
            return;
        }
        int up = 0;
        int down = 0;
        for (int order = 0; order < ORDERS; order++) {
            int compared = compare(order, outer.name(), inner.name(), names);
            up |= compared < 0 ? 1 << order : 0;
            down |= compared > 0 ? 1 << order : 0;
        }
        Edge edge = edges.get(new Forms(outer.form(), inner.form()));
        boolean known = edge != null && (edge.up & up) == up && (edge.down & down) == down;
        // the same for both orders of the two
        int hash = outer.name().hashCode() + inner.name().hashCode();
        LockNesting last = pairs.at(hash);
        if (known
                && last != null
                && last.outer().equals(outer.name())
                && last.inner().equals(inner.name())) {
            return;
        }
        LockNesting nesting =
                new LockNesting(outer.form(), outer.name(), outerSite, inner.form(), inner.name(), innerSite);
        pairs.put(hash, nesting);
        if (!known && !full) {
            learn(nesting, up, down);
        }
        if (last != null && last.outer().equals(inner.name()) && last.inner().equals(outer.name())) {
            report(List.of(last, nesting), true);
        }
    }

    /** The number of known edges. */
    int edges() {
        return edges.size();
    }

    private void learn(LockNesting nesting, int up, int down) {
        List<LockNesting> inversion;
        mutex.lock();
        try {
            if (edges.size() >= MOST_EDGES) {
                full = true;
                log.info(
                        "The limit of {} pairs of nested lock key forms is reached; further pairs are not checked"
                                + " for their lock order",
                        MOST_EDGES);
                return;
            }
            Edge edge = edges.computeIfAbsent(new Forms(nesting.outerForm(), nesting.innerForm()), forms -> new Edge());
            edge.up |= up;
            edge.down |= down;
            boolean upwards = (up & BY_PEOPLE) != 0;
            if (upwards && edge.firstUp == null) {
                edge.firstUp = nesting;
            } else if (!upwards && edge.firstDown == null) {
                edge.firstDown = nesting;
            }
            inversion = inversion(edge, nesting);
        } finally {
            mutex.unlock();
        }
        if (inversion != null) {
            report(inversion, false);
        }
    }

    /** The cycle that {@code last} closes, {@code last} included; null if it closes none. */
    private List<LockNesting> inversion(Edge edge, LockNesting last) {
        if (last.outerForm().equals(last.innerForm())) {
            return edge.up == IN_ALL && edge.down == IN_ALL ? List.of(edge.firstUp, edge.firstDown) : null;
        }
        List<Edge> back = shortest(last.innerForm(), last.outerForm());
        if (back == null) {
            return null;
        }
        int up = edge.up;
        int down = edge.down;
        List<LockNesting> cycle = new ArrayList<>(List.of(last));
        for (Edge step : back) {
            up |= step.up;
            down |= step.down;
            cycle.add(step.firstUp != null ? step.firstUp : step.firstDown);
        }
        return up == IN_ALL && down == IN_ALL ? cycle : null;
    }

    private List<Edge> shortest(String from, String to) {
        Map<String, List<Edge>> paths = new HashMap<>();
        paths.put(from, List.of());
        Deque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            String at = next.poll();
            for (Map.Entry<Forms, Edge> step : edges.entrySet()) {
                String reached = step.getKey().inner();
                if (step.getKey().outer().equals(at) && !paths.containsKey(reached)) {
                    List<Edge> path = new ArrayList<>(paths.get(at));
                    path.add(step.getValue());
                    if (reached.equals(to)) {
                        return path;
                    }
                    paths.put(reached, path);
                    next.add(reached);
                }
            }
        }
        return null;
    }

    private void report(List<LockNesting> orders, boolean certain) {
        Set<String> forms = new LinkedHashSet<>();
        orders.forEach(nesting -> forms.add(nesting.outerForm()));
        mutex.lock();
        try {
            Set<Set<String>> before = certain ? proven : reported;
            if (before.size() >= MOST_REPORTED || !before.add(forms)) {
                return;
            }
        } finally {
            mutex.unlock();
        }
        log.warn(LockFailures.inverted(orders, certain));
        events.lockOrderInverted(orders, certain);
    }
}
