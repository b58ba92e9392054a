package io.floodlock.examples.bench.queues;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.redisson.Redisson;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/**
 * Redisson's queues: a blocking queue, which loses what a killed consumer has taken, and a stream with a consumer
 * group, which doesn't.
 */
public final class RedissonQueues {

    private static final int CONSUMERS = 16;
    private static final int READ_AT_ONCE = 128;
    private static final int UNCONFIRMED = 4_096;
    private static final String GROUP = "bench";
    private static final byte[] FIELD = {'p'};

    private RedissonQueues() {}

    /** A client with as many threads as this machine has use for; the default costs it a third of its speed. */
    public static RedissonClient client(String url) {
        Config config = new Config();
        config.setNettyThreads(Math.max(2, Runtime.getRuntime().availableProcessors()));
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }

    public static QueueKind blockingQueue(RedissonClient redisson) {
        RBlockingQueue<byte[]> queue = redisson.getBlockingQueue("bench:list", ByteArrayCodec.INSTANCE);
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < CONSUMERS; i++) {
            consume("list-" + i, () -> arrivals.accept(queue.take()));
        }
        return QueueKind.of(queue::put, arrivals);
    }

    /** @param name of a stream that does not exist yet */
    public static QueueKind stream(RedissonClient redisson, String name) {
        RStream<byte[], byte[]> stream = redisson.getStream(name, ByteArrayCodec.INSTANCE);
        stream.createGroup(StreamCreateGroupArgs.name(GROUP).makeStream());
        Arrivals arrivals = new Arrivals();
        consume("stream", () -> {
            Map<StreamMessageId, Map<byte[], byte[]>> entries = stream.readGroup(
                    GROUP,
                    "one",
                    StreamReadGroupArgs.neverDelivered().count(READ_AT_ONCE).timeout(Duration.ofSeconds(1)));
            if (!entries.isEmpty()) {
                StreamMessageId[] ids = entries.keySet().toArray(StreamMessageId[]::new);
                entries.values().forEach(entry -> entry.values().forEach(arrivals::accept));
                stream.ack(GROUP, ids);
                stream.remove(ids);
            }
        });
        return QueueKind.of(payload -> stream.add(StreamAddArgs.entry(FIELD, payload)), arrivals);
    }

    /** The same, with up to 4,096 entries that the server has not confirmed. */
    public static QueueKind asyncStream(RedissonClient redisson, String name) {
        QueueKind confirmed = stream(redisson, name);
        RStream<byte[], byte[]> stream = redisson.getStream(name, ByteArrayCodec.INSTANCE);
        Semaphore room = new Semaphore(UNCONFIRMED);
        return QueueKind.of(
                payload -> {
                    room.acquire();
                    stream.addAsync(StreamAddArgs.entry(FIELD, payload)).whenComplete((id, failure) -> room.release());
                },
                confirmed.arrivals());
    }

    /** The blocking queue, with up to 4,096 elements that the server has not confirmed. */
    public static QueueKind asyncQueue(RedissonClient redisson) {
        RBlockingQueue<byte[]> queue = redisson.getBlockingQueue("bench:async-list", ByteArrayCodec.INSTANCE);
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < CONSUMERS; i++) {
            consume("async-list-" + i, () -> arrivals.accept(queue.take()));
        }
        Semaphore room = new Semaphore(UNCONFIRMED);
        return QueueKind.of(
                payload -> {
                    room.acquire();
                    queue.putAsync(payload).whenComplete((done, failure) -> room.release());
                },
                arrivals);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void consume(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            step.run();
                        }
                    } catch (Exception e) {
                        // the client was shut down: the bench is over
                    }
                },
                "bench-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
