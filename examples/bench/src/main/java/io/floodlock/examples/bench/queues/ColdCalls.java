package io.floodlock.examples.bench.queues;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * The first second of a new JVM: prints how many calls its callers have stored one second after the first of them
 * began. Connections are made within that second.
 */
public final class ColdCalls {

    private static final int CALLERS = 32;
    private static final int BYTES = 200;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private ColdCalls() {}

    public static void main(String[] args) {
        try {
            System.out.println("figures " + stored(args[0], args[1]));
            System.exit(0);
        } catch (Exception e) {
            // Redisson's threads would keep this JVM
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static long stored(String kind, String redis) throws InterruptedException {
        long end = System.nanoTime() + SECOND_NANOS;
        QueueKind queue = kind.equals("floodlock")
                ? new QueuedWork()
                : RedissonQueues.stream(
                        RedissonQueues.client(redis),
                        "bench:cold:" + ProcessHandle.current().pid());
        LongAdder stored = new LongAdder();
        CountDownLatch ended = new CountDownLatch(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            new Thread(() -> {
                        send(queue, end, stored);
                        ended.countDown();
                    })
                    .start();
        }
        ended.await();
        return stored.sum();
    }

    private static void send(QueueKind queue, long end, LongAdder stored) {
        try {
            while (System.nanoTime() - end < 0) {
                queue.send(Arrivals.payload(BYTES));
                if (System.nanoTime() - end < 0) {
                    stored.increment();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
