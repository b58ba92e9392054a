package io.floodlock.examples.chaos.worker;

import org.redisson.Redisson;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** A plain Redisson queue with consuming threads: the queue of an application without Floodlock. */
final class RedissonQueueing implements Queueing {

    private static final int CONSUMERS = 16;

    private final RBlockingQueue<String> queue;

    RedissonQueueing(String redis) {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(redis)
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(CONSUMERS + 16)
                .setTimeout(1_000)
                .setRetryAttempts(1);
        RedissonClient redisson = Redisson.create(config);
        queue = redisson.getBlockingQueue(QueuedCalls.QUEUE, StringCodec.INSTANCE);
        for (int i = 0; i < CONSUMERS; i++) {
            Thread consumer = new Thread(this::consume, "consumer-" + i);
            consumer.setDaemon(true);
            consumer.start();
        }
    }

    @Override
    public void call(CallKind kind, String key, String producer, int number) {
        queue.add(kind + " " + key + " " + producer + " " + number);
    }

    private void consume() {
        while (true) {
            try {
                String[] call = queue.take().split(" ");
                CallBodies.run(CallKind.valueOf(call[0]), call[1], call[2], Integer.parseInt(call[3]));
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                System.out.println("a call failed: " + e);
            }
        }
    }
}
