package io.floodlock.examples.bench;

import io.floodlock.examples.bench.queues.QueueKind;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Runs a queue until its code is compiled and its rate stands, so that the rounds compare compiled code. A short
 * round of a new JVM measures how fast a queue's code is compiled: on two processors, compilers take a third of them
 * for more than half a minute.
 */
final class QueueWarmUp {

    private static final int CALLERS = 32;
    private static final Duration SLICE = Duration.ofSeconds(1);

    /** A rate that grows by less stands. */
    private static final double GROWTH = 1.05;

    private static final int FLAT_SLICES = 3;

    /** The part of a slice for which compilers may still run, over all of their threads. */
    private static final double COMPILING = 0.1;

    private QueueWarmUp() {}

    static void run(BenchContext context, String name, QueueKind kind) throws Exception {
        int most = context.quick() ? 45 : 90;
        double first = 0;
        double best = 0;
        int flat = 0;
        int slices = 0;
        while (slices < most && flat < FLAT_SLICES) {
            long compiled = compiledMillis();
            double rate = QueueRates.endToEnd(kind, CALLERS, SLICE).value();
            first = slices == 0 ? rate : first;
            boolean compiles = compiledMillis() - compiled > SLICE.toMillis() * COMPILING;
            flat = compiles || rate > best * GROWTH ? 0 : flat + 1;
            best = Math.max(best, rate);
            slices++;
        }
        context.report()
                .note("warm-up %s: %.0f calls/s in the first second, %.0f at most, %d s"
                        .formatted(name, first, best, slices));
    }

    private static long compiledMillis() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }
}
