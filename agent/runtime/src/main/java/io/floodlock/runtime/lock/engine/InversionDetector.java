package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.event.LockNesting;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.LockFailures;
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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches in which order calls inside each other take their keys, and tells where orders don't agree. Thread-safe. */
final class InversionDetector {

    /*
     * Keys of one call are taken in one order, that of their bytes; calls inside each other take theirs in the order in which
     * the application calls. Where two such orders don't agree, two calls can each hold what the other waits for. That shows
     * only when they meet, so it is looked for in what may be taken inside what:
     *
     *   node     the form of keys, order:{}: many keys, so that a few calls tell about all of them
     *   edge     keys of one form were taken while one of the other was held, by calls inside each other or by one call.
     *            It remembers how keys were ordered then, by each order that we know: all greater inside, all smaller, or both
     *   cycle    an inversion, if in every known order it has keys that go up and keys that go down. Without that, no keys
     *            could close it: they would only ever grow along it
     *
     * An edge from a form to itself is a cycle by itself: accounts 1 then 2 here, 7 then 3 there. That proves nothing, as the
     * application may know an order that we don't (a parent before its children); so three are tried, the engine's own, by
     * bytes and as people sort, and the report says "may". What is certain is the same two keys in both orders: pairs of keys
     * are remembered in a table of fixed size, whose slots the next pair takes over, so that some are missed.
     *
     * Shared holds count as others: a waiting writer keeps new readers out, so readers can wait for each other through it.
     * One who doesn't wait can hold up somebody, but is held up by nobody: nothing leads to its key.
     *
     * It is told before the waiting begins, so even where two calls meet the first time. Only nested acquisitions, and those of
     * several keys, come here: for each pair a look into two tables, as long as there are no more pairs than the table of pairs
     * has room for. Of more keys, whose pairs would be a million for a thousand, each is compared with its nearest and with the
     * least and the greatest of each form: an edge learns the same by these as by all pairs.
     */

    private static final Logger log = LoggerFactory.getLogger(InversionDetector.class);

    static final int ORDERS = 3;
    private static final int IN_ALL = 0b111;
    private static final int BY_PEOPLE = 0b100;
    static final int MOST_EDGES = 4_000;
    private static final int MOST_TOLD = 1_000;
    private static final int PAIRS = 1_024;

    private final Events events;
    private final ConcurrentMap<Forms, Edge> edges = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<LockNesting> pairs = new AtomicReferenceArray<>(PAIRS);

    private final ReentrantLock mutex = new ReentrantLock();
    private final Set<Set<String>> told = new HashSet<>();
    private final Set<Set<String>> proven = new HashSet<>();
    private volatile boolean full;

    private record Forms(String outer, String inner) {}

    /** Written under the mutex. */
    private static final class Edge {
        /** A bit for each order by which the inner key was seen to be the greater, or the smaller. */
        volatile int up;

        volatile int down;

        /** The first that went up and down as people sort. */
        LockNesting firstUp;

        LockNesting firstDown;
    }

    InversionDetector(Events events) {
        this.events = events;
    }

    /** Keys are about to be waited for by a call inside another. */
    void nested(List<LockRequest> held, String outerSite, List<LockRequest> wanted, String site, Buckets names) {
        if ((long) held.size() * wanted.size() <= PAIRS) {
            for (LockRequest each : held) {
                for (LockRequest request : wanted) {
                    note(each, outerSite, request, site, names);
                }
            }
            return;
        }
        KeyExtremes ofHeld = KeyExtremes.of(held, names);
        for (LockRequest request : wanted) {
            ofHeld.forEach(each -> note(each, outerSite, request, site, names));
        }
        KeyExtremes ofWanted = KeyExtremes.of(wanted, names);
        for (LockRequest each : held) {
            ofWanted.forEach(request -> note(each, outerSite, request, site, names));
        }
    }

    /** Keys are about to be taken by one call, in this order. */
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

    /** @param order by bytes, the engine's own, as people sort */
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
        int slot = slot(outer.name(), inner.name());
        LockNesting last = pairs.get(slot);
        if (known
                && last != null
                && last.outer().equals(outer.name())
                && last.inner().equals(inner.name())) {
            return;
        }
        LockNesting nesting =
                new LockNesting(outer.form(), outer.name(), outerSite, inner.form(), inner.name(), innerSite);
        pairs.set(slot, nesting);
        if (!known && !full) {
            learn(nesting, up, down);
        }
        if (last != null && last.outer().equals(inner.name()) && last.inner().equals(outer.name())) {
            tell(List.of(last, nesting), true);
        }
    }

    /** The same for both orders of two names. */
    private static int slot(String a, String b) {
        int hash = a.hashCode() + b.hashCode();
        return (hash ^ hash >>> 16) & PAIRS - 1;
    }

    /** How many pairs of forms are known. */
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
                        "{} pairs of nested lock keys are known; further ones are not watched for their order",
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
            tell(inversion, false);
        }
    }

    /** What closes a cycle with {@code last}, and it; null if nothing does. */
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

    private void tell(List<LockNesting> orders, boolean certain) {
        Set<String> forms = new LinkedHashSet<>();
        orders.forEach(nesting -> forms.add(nesting.outerForm()));
        mutex.lock();
        try {
            Set<Set<String>> before = certain ? proven : told;
            if (before.size() >= MOST_TOLD || !before.add(forms)) {
                return;
            }
        } finally {
            mutex.unlock();
        }
        log.warn(LockFailures.inverted(orders, certain));
        events.lockOrderInverted(orders, certain);
    }
}
