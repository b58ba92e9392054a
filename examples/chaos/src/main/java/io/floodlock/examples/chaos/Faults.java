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

/** Faults by kind, one at a time, and how many there were. Not thread-safe but for {@link #count}. */
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

    /** Tells that this kind can't be had here. */
    void lacks(String kind, String why) {
        absent.add(kind + " (" + why + ")");
    }

    /** Adds the kind that each group of faults begins with. */
    void addFirst(String kind, Fault fault) {
        first = kind;
        firstFault = fault;
    }

    void injectFirst() throws Exception {
        inject(first, firstFault);
    }

    /** Lets one of the others happen: all kinds in rounds, in an order that is drawn for each round. */
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

    /** What wasn't injected as it can't be had here, for people; empty if nothing is missing. */
    String absent() {
        return absent.stream().map(kind -> ", not injected: " + kind).collect(Collectors.joining());
    }
}
