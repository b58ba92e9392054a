package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.KeyedWork;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time for bodies of 0 to 5 ms of many keys, in order within each key, on 16 workers; against a plain pool of 16
 * threads, which keeps no order and stores nothing.
 */
final class QueueOfKeys {

    private static final String ROW = "keys-100";
    private static final int KEYS = 100;
    private static final int WORKERS = 16;
    private static final int CALLERS = 32;
    private static final int LONGEST_MICROS = 5_000;

    private final BenchContext context;
    private final int calls;

    QueueOfKeys(BenchContext context) {
        this.context = context;
        this.calls = context.quick() ? 4_000 : 16_000;
    }

    void run() throws Exception {
        if (!context.runs(ROW)) {
            return;
        }
        int[] pauses = new Random(1).ints(calls, 0, LONGEST_MICROS).toArray();
        Map<String, Series> series = context.rounds()
                .variant(QueueBench.OURS, () -> queued(pauses))
                .variant("pool", () -> pooled(pauses))
                .run();
        series.forEach((variant, one) -> context.report().add(ROW + "." + variant, "ms", one));
        context.report().ratioGoal(ROW, series.get(QueueBench.OURS), "pool", series.get("pool"), Want.atMost(1.1));
    }

    private Sample queued(int[] pauses) throws Exception {
        AtomicInteger next = new AtomicInteger();
        return timed(CALLERS, () -> {
            for (int i = next.getAndIncrement(); i < pauses.length; i = next.getAndIncrement()) {
                KeyedWork.pause(i % KEYS, pauses[i]);
            }
        });
    }

    private Sample pooled(int[] pauses) throws Exception {
        AtomicInteger next = new AtomicInteger();
        return timed(WORKERS, () -> {
            for (int i = next.getAndIncrement(); i < pauses.length; i = next.getAndIncrement()) {
                KeyedWork.body(pauses[i]);
            }
        });
    }

    /** Milliseconds until all bodies have ended. */
    private Sample timed(int threads, Runnable work) throws InterruptedException {
        long before = KeyedWork.DONE.sum();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        long begin = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            pool.execute(work);
        }
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
        while (KeyedWork.DONE.sum() - before < calls) {
            Thread.sleep(1);
        }
        return Sample.of((System.nanoTime() - begin) / 1e6);
    }
}
