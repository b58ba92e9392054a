package io.floodlock.examples.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** A fixed number of threads that repeat one operation for a while, each as fast as it can. */
final class Load {

    private static final long LONGEST = Duration.ofMinutes(5).toNanos();

    private Load() {}

    /** One operation. The number of the thread starts at 0. */
    interface Operation {
        void run(int thread) throws Exception;
    }

    /**
     * Returns the operations per second over all threads, and the duration of each operation. If an operation throws,
     * the run ends with its exception.
     */
    static Sample run(int threads, Duration time, Operation operation) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Histogram>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                Callable<Histogram> worker = () -> {
                    start.await();
                    return repeat(thread, time.toNanos(), operation);
                };
                running.add(executor.submit(worker));
            }
            long begin = System.nanoTime();
            start.countDown();
            Histogram all = histogram();
            for (Future<Histogram> one : running) {
                all.add(one.get());
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Sample(all.getTotalCount() / seconds, all);
        } finally {
            executor.shutdownNow();
        }
    }

    private static Histogram repeat(int thread, long nanos, Operation operation) throws Exception {
        Histogram histogram = histogram();
        long begin = System.nanoTime();
        for (long now = begin; now - begin < nanos; ) {
            operation.run(thread);
            long after = System.nanoTime();
            histogram.recordValue(Math.min(after - now, LONGEST));
            now = after;
        }
        return histogram;
    }

    static Histogram histogram() {
        return new Histogram(LONGEST, 3);
    }
}
