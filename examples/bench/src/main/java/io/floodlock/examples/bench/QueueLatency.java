package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.Arrivals;
import io.floodlock.examples.bench.queues.QueueKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** The time from a call to its body at a thousand calls a second, which none of the queues is busy with. */
final class QueueLatency {

    private static final String ROW = "latency-1000";
    private static final long PAUSE_NANOS = 1_000_000;

    /** So many that a slow call delays none of the next. */
    private static final int CALLERS = 8;

    private final BenchContext context;
    private final QueueContender ours;
    private final QueueContender peer;
    private final QueueContender other;

    /**
     * @param peer the peer that the goals name
     * @param other a peer that a quick run leaves out
     */
    QueueLatency(BenchContext context, QueueContender ours, QueueContender peer, QueueContender other) {
        this.context = context;
        this.ours = ours;
        this.peer = peer;
        this.other = other;
    }

    void run() throws Exception {
        if (!context.runs(ROW)) {
            return;
        }
        InterleavedRounds rounds = context.rounds();
        for (QueueContender contender : context.quick() ? List.of(ours, peer) : List.of(ours, peer, other)) {
            QueueKind kind = contender.kind();
            rounds.variant(contender.toString(), () -> round(kind));
        }
        Map<String, Series> series = rounds.run();
        series.forEach((variant, one) -> context.report().add(ROW + "." + variant, "p50-us", one));
        goal("p50", 50, series, Want.atMost(1.2));
        goal("p99", 99, series, Want.atMost(1));
    }

    private void goal(String name, double percentile, Map<String, Series> series, Want want) {
        context.report()
                .ratioGoal(
                        ROW + "-" + name,
                        series.get(ours.toString()).micros(percentile),
                        peer.toString(),
                        series.get(peer.toString()).micros(percentile),
                        want);
    }

    private Sample round(QueueKind kind) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            kind.arrivals().takeTimes();
            long before = kind.arrivals().count();
            long calls = context.roundTime().toMillis();
            long begin = System.nanoTime();
            for (int i = 1; i <= calls; i++) {
                callers.submit(() -> {
                    kind.send(Arrivals.timedPayload(QueueRates.BYTES));
                    return null;
                });
                for (long due = begin + i * PAUSE_NANOS; System.nanoTime() - due < 0; ) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            callers.shutdown();
            callers.awaitTermination(1, TimeUnit.MINUTES);
            while (kind.arrivals().count() - before < calls) {
                Thread.sleep(1);
            }
            Histogram nanos = kind.arrivals().takeTimes();
            return new Sample(nanos.getValueAtPercentile(50) / 1e3, nanos);
        } finally {
            callers.shutdownNow();
        }
    }
}
