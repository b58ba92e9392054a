package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.weave.AsyncCost;
import io.floodlock.examples.kit.Agent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the cost of a lock around a method with an asynchronous result, compared with a method that returns the
 * result. Each is measured with a key that is already held, and with a new key (new-key), which needs a round trip to
 * Redis.
 */
final class WeaveAsync {

    /** In the order in which {@link AsyncCost} prints them. */
    private static final List<String> LOOPS = List.of(
            "future",
            "future-later",
            "locked-call",
            "locked-future",
            "locked-future-later",
            "locked-call-new-key",
            "locked-future-new-key");

    private final BenchContext context;

    WeaveAsync(BenchContext context) {
        this.context = context;
    }

    void run() {
        Map<String, Series> nanos = new LinkedHashMap<>();
        Map<String, Series> bytes = new LinkedHashMap<>();
        for (double[] round : WeaveJvm.figures(
                Agent.jvm(AsyncCost.class.getName(), context.redisUrl()).args(context.quick() ? "3" : "7"))) {
            for (int i = 0; i < LOOPS.size(); i++) {
                nanos.computeIfAbsent(LOOPS.get(i), name -> new Series()).add(Sample.of(round[2 * i]));
                bytes.computeIfAbsent(LOOPS.get(i), name -> new Series()).add(Sample.of(round[2 * i + 1]));
            }
        }
        for (String name : LOOPS) {
            context.report().add(name, "ns", nanos.get(name));
            context.report().add(name, "B/op", bytes.get(name));
        }
        goal("locked-future-over-unwoven-ns", nanos, "locked-future", "future", 1000);
        goal("locked-future-ns", nanos, "locked-future", "locked-call", 500);
        goal("locked-future-later-ns", nanos, "locked-future-later", "locked-call", 500);
        goal("locked-future-bytes", bytes, "locked-future", "locked-call", 1000);
        goal("locked-future-later-bytes", bytes, "locked-future-later", "locked-call", 1000);
        context.report()
                .ratioGoal(
                        "locked-future-new-key",
                        nanos.get("locked-future-new-key"),
                        "locked-call-new-key",
                        nanos.get("locked-call-new-key"),
                        Want.atMost(1.25));
    }

    private void goal(String name, Map<String, Series> figures, String ours, String peer, double most) {
        context.report().differenceGoal(name, figures.get(ours), peer, figures.get(peer), Want.atMost(most));
    }
}
