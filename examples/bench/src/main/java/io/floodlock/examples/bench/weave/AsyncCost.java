package io.floodlock.examples.bench.weave;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongUnaryOperator;

/**
 * Times calls of {@link AsyncCalls} in turn, and prints one line per round: for each loop the nanoseconds and the
 * bytes per call, where the bytes are those of all threads. Of the many short runs in a round, the fastest counts.
 */
public final class AsyncCost {

    private static final int RUNS = 10;
    private static final int WARM_UPS = 3;

    /** The key that is held while the loops run. */
    private static final long HELD = 0;

    /** The next key that no call has used, so that each call needs a round trip to Redis. */
    private static long fresh = HELD + 1;

    private AsyncCost() {}

    /** A number of calls, and the body that makes one of them. */
    private record Loop(int calls, LongUnaryOperator body) {}

    public static void main(String[] args) {
        int hot = 50_000;
        int cold = 100;
        Loop[] loops = {
            new Loop(hot, AsyncCost::future),
            new Loop(hot, AsyncCost::later),
            new Loop(hot, value -> AsyncCalls.locked(HELD, value)),
            new Loop(hot, value -> AsyncCalls.lockedFuture(HELD, value).join()),
            new Loop(hot, AsyncCost::lockedLater),
            new Loop(cold, value -> AsyncCalls.locked(fresh++, value)),
            new Loop(cold, value -> AsyncCalls.lockedFuture(fresh++, value).join())
        };
        int rounds = Integer.parseInt(args[0]);
        AsyncCalls.holding(HELD, () -> {
            for (int round = -WARM_UPS; round < rounds; round++) {
                String figures = round(loops);
                if (round >= 0) {
                    System.out.println("figures " + figures);
                }
            }
        });
        System.exit(0);
    }

    private static String round(Loop[] loops) {
        StringBuilder line = new StringBuilder();
        for (Loop loop : loops) {
            double nanos = Double.MAX_VALUE;
            double bytes = Double.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                long before = allocated();
                nanos = Math.min(nanos, nanos(loop));
                bytes = Math.min(bytes, (allocated() - before) / (double) loop.calls());
            }
            line.append(nanos).append(' ').append(bytes).append(' ');
        }
        return line.toString();
    }

    private static long future(long value) {
        return AsyncCalls.plainFuture(value).join();
    }

    private static long later(long value) {
        CompletableFuture<Long> later = new CompletableFuture<>();
        CompletableFuture<Long> result = AsyncCalls.plainLater(later);
        later.complete(value);
        return result.join();
    }

    private static long lockedLater(long value) {
        CompletableFuture<Long> later = new CompletableFuture<>();
        CompletableFuture<Long> result = AsyncCalls.lockedLater(HELD, later);
        later.complete(value);
        return result.join();
    }

    private static double nanos(Loop loop) {
        long sum = 1;
        long begin = System.nanoTime();
        for (int i = 0; i < loop.calls(); i++) {
            sum ^= loop.body().applyAsLong(i);
        }
        double nanos = System.nanoTime() - begin;
        if (sum == 0) {
            throw new IllegalStateException("the loop lost its value");
        }
        return nanos / loop.calls();
    }

    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (long one : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            bytes += Math.max(one, 0);
        }
        return bytes;
    }
}
