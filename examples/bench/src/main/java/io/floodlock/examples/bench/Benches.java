package io.floodlock.examples.bench;

import java.util.List;

/** All benches, in the order in which they run if the command line names none. */
final class Benches {

    static final List<Bench> ALL = List.of(new WeaveBench(), new LocksBench(), new QueueBench(), new TxBench());

    private Benches() {}

    static Bench named(String name) {
        return ALL.stream()
                .filter(bench -> bench.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no bench '" + name + "'; there are "
                        + ALL.stream().map(Bench::name).toList()));
    }
}
