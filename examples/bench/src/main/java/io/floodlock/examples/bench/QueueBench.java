package io.floodlock.examples.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
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
 * Measures calls of a queued method from end to end against Redisson's queues. Producers and consumers share one JVM.
 */
final class QueueBench implements Bench {

    private static final int CALLERS = 32;
    private static final int CONSUMERS = 16;
    private static final int BYTES = 200;
    private static final String GROUP = "bench";

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public Set<Server> servers() {
        return Set.of(Server.REDIS);
    }

    @Override
    public void run(BenchContext context) throws Exception {
        RedissonClient redisson = redisson(context.redisUrl());
        byte[] payload = new byte[BYTES];
        LongAdder listed = new LongAdder();
        LongAdder streamed = new LongAdder();
        RBlockingQueue<byte[]> list = redisson.getBlockingQueue("bench:list", ByteArrayCodec.INSTANCE);
        RStream<byte[], byte[]> stream = redisson.getStream("bench:stream", ByteArrayCodec.INSTANCE);
        stream.createGroup(StreamCreateGroupArgs.name(GROUP).makeStream());
        for (int i = 0; i < CONSUMERS; i++) {
            consume("list", () -> list.take(), item -> listed.increment());
        }
        consumeStream(stream, streamed);
        try {
            Map<String, Series> series = context.rounds()
                    .variant(
                            "floodlock",
                            () -> endToEnd(context.roundTime(), QueuedWork.DONE, () -> QueuedWork.accept(payload)))
                    .variant("RBlockingQueue", () -> endToEnd(context.roundTime(), listed, () -> list.put(payload)))
                    .variant(
                            "RStream group",
                            () -> endToEnd(
                                    context.roundTime(),
                                    streamed,
                                    () -> stream.add(StreamAddArgs.entry(new byte[] {'p'}, payload))))
                    .run();
            String name = "32 callers, each confirmed, end to end, everysec";
            series.forEach((variant, one) -> context.report().operations(name + ": " + variant, one));
            context.report()
                    .ratioGoal(
                            name,
                            series.get("floodlock"),
                            "RBlockingQueue",
                            series.get("RBlockingQueue"),
                            Report.Want.atLeast(2.5));
            context.report()
                    .ratioGoal(
                            name,
                            series.get("floodlock"),
                            "RStream group",
                            series.get("RStream group"),
                            Report.Want.atLeast(2.5));
        } finally {
            redisson.shutdown();
        }
    }

    private interface Send {
        void one() throws Exception;
    }

    private interface Sink<T> {
        void accept(T item);
    }

    /** Returns the number of items sent within the time, divided by the time until all of them were consumed. */
    private static Sample endToEnd(Duration time, LongAdder consumed, Send send) throws Exception {
        long before = consumed.sum();
        LongAdder sent = new LongAdder();
        long begin = System.nanoTime();
        Sample callers = Load.run(CALLERS, time, thread -> {
            send.one();
            sent.increment();
        });
        while (consumed.sum() - before < sent.sum()) {
            Thread.sleep(1);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Sample(sent.sum() / seconds, callers.nanos());
    }

    private static <T> void consume(String name, Callable<T> take, Sink<T> sink) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            sink.accept(take.call());
                        }
                    } catch (Exception e) {
                        // the bench is over
                    }
                },
                "bench-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void consumeStream(RStream<byte[], byte[]> stream, LongAdder consumed) {
        consume(
                "stream",
                () -> stream.readGroup(
                        GROUP,
                        "one",
                        StreamReadGroupArgs.neverDelivered().count(128).timeout(Duration.ofSeconds(1))),
                entries -> {
                    if (!entries.isEmpty()) {
                        stream.ack(GROUP, entries.keySet().toArray(StreamMessageId[]::new));
                        consumed.add(entries.size());
                    }
                });
    }

    private static RedissonClient redisson(String url) {
        Config config = new Config();
        config.setNettyThreads(Math.max(2, Runtime.getRuntime().availableProcessors()));
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }
}
