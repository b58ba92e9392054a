package io.floodlock.examples.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Runs variants in turn, round after round, so that a temporary slowdown of the machine affects all of them, and
 * figures are compared within one round only. The order rotates by one from round to round, so that no variant always
 * follows the same other variant. A first round warms up and is discarded. Not thread-safe.
 *
 * <pre>{@code
 * Map<String, Series> series = context.rounds()
 *         .variant("floodlock", () -> Load.run(8, context.roundTime(), thread -> woven.section()))
 *         .variant("RLock", () -> Load.run(8, context.roundTime(), thread -> peer.section()))
 *         .run();
 * }</pre>
 */
final class InterleavedRounds {

    private final int rounds;
    private final Map<String, Callable<Sample>> variants = new LinkedHashMap<>();

    InterleavedRounds(int rounds) {
        this.rounds = rounds;
    }

    InterleavedRounds variant(String name, Callable<Sample> variant) {
        variants.put(name, variant);
        return this;
    }

    Map<String, Series> run() throws Exception {
        Map<String, Series> series = new LinkedHashMap<>();
        variants.keySet().forEach(name -> series.put(name, new Series()));
        for (int round = 0; round <= rounds; round++) {
            List<String> order = new ArrayList<>(variants.keySet());
            Collections.rotate(order, -round);
            for (String name : order) {
                Sample sample = variants.get(name).call();
                if (round > 0) {
                    series.get(name).add(sample);
                }
            }
        }
        return series;
    }
}
