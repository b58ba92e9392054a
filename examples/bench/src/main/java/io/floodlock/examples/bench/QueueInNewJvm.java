package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.ColdCalls;
import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import java.util.Map;

/** The calls that a new JVM stores in its first second: a service restarts too. */
final class QueueInNewJvm {

    private static final String ROW = "cold-first-second";

    private final BenchContext context;

    QueueInNewJvm(BenchContext context) {
        this.context = context;
    }

    void run() throws Exception {
        if (!context.runs(ROW)) {
            return;
        }
        String main = ColdCalls.class.getName();
        Map<String, Series> series = context.rounds()
                .variant(QueueBench.OURS, () -> calls(Agent.jvm(main, context.redisUrl()), QueueBench.OURS))
                .variant(QueueBench.STREAM, () -> calls(ForkedJvm.main(main), QueueBench.STREAM))
                .run();
        series.forEach((variant, one) -> context.report().add(ROW + "." + variant, "calls", one));
        context.report()
                .ratioGoal(
                        ROW,
                        series.get(QueueBench.OURS),
                        QueueBench.STREAM,
                        series.get(QueueBench.STREAM),
                        Want.atLeast(1));
    }

    private Sample calls(ForkedJvm.Builder jvm, String kind) {
        return Sample.of(WeaveJvm.figures(jvm.args(kind, context.redisUrl()))[0][0]);
    }
}
