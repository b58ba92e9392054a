package io.floodlock.examples.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The kinds of faults of a run. It injects one at a time and counts them. Not thread-safe, except for {@link #count}
 * and {@link #counts}.
 */
final class Faults {

    private final Map<String, Fault> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> absent = new ArrayList<>();
    private final Deque<String> round = new ArrayDeque<>();
    private String first;
    private Fault firstFault;

    void add(String kind, Fault fault) {
        kinds.put(kind, fault);
    }

    /** Records that this kind of fault is not possible on this machine. */
    void lacks(String kind, String why) {
        absent.add(kind + " (" + why + ")");
    }

    /** Sets the kind of fault with which each group begins. */
    void addFirst(String kind, Fault fault) {
        first = kind;
        firstFault = fault;
    }

    void injectFirst() throws Exception {
        inject(first, firstFault);
    }

    /** Injects one of the other kinds: all kinds in rounds, in an order that is random in each round. */
    void inject(Random random) throws Exception {
        if (round.isEmpty()) {
            List<String> names = new ArrayList<>(kinds.keySet());
            Collections.shuffle(names, random);
            round.addAll(names);
        }
        String kind = round.remove();
        inject(kind, kinds.get(kind));
    }

    private void inject(String kind, Fault fault) throws Exception {
        if (fault.inject()) {
            count(kind);
        }
    }

    synchronized void count(String kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /**
     * The kinds that were not injected because they are not possible on this machine, for people; empty if there are
     * none.
     */
    String absent() {
        return absent.stream().map(kind -> ", not injected: " + kind).collect(Collectors.joining());
    }
}
