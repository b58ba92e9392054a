package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.QueueKind;
import io.floodlock.examples.bench.queues.QueuedWork;
import io.floodlock.examples.bench.queues.RedissonQueues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.redisson.api.RedissonClient;

/**
 * Measures calls of a queued method from end to end against Redisson's queues. Producers and consumers share one JVM,
 * in which each queue is warmed by its own work before anything is measured; what a new JVM reaches is a row of its
 * own.
 */
final class QueueBench implements Bench {

    static final String OURS = "floodlock";
    static final String LIST = "RBlockingQueue";
    static final String STREAM = "RStream";

    private static final String ASYNC = "async-4";

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public Set<Server> servers() {
        return Set.of(Server.REDIS, Server.POSTGRES);
    }

    @Override
    public void run(BenchContext context) throws Exception {
        RedissonClient redisson = RedissonQueues.client(context.redisUrl());
        try {
            Map<String, QueueKind> kinds = new LinkedHashMap<>();
            kinds.put(OURS, new QueuedWork());
            kinds.put(LIST, RedissonQueues.blockingQueue(redisson));
            kinds.put(STREAM, RedissonQueues.stream(redisson, "bench:stream"));
            new QueueWarmUp(context, kinds).run();
            QueueRates rates = new QueueRates(context, redisson, kinds);
            rates.row("confirmed-32", 32, "everysec", Want.atLeast(2.5));
            rates.row("confirmed-32-always", 32, "always", Want.atLeast(1.8));
            rates.row("confirmed-1", 1, "everysec", Want.atLeast(1.2));
            rates.row("confirmed-1-always", 1, "always", Want.atLeast(1));
            if (context.runs(ASYNC)) {
                async(context, redisson);
            }
            new QueueLatency(context, kinds).run();
            new QueueInRedis(context, redisson, kinds.get(OURS)).run();
            new QueueOfKeys(context).run();
            new QueueAndDatabase(context).run();
            new QueueInNewJvm(context).run();
        } finally {
            redisson.shutdown();
        }
    }

    /** Callers that do not wait until their calls are stored. */
    private static void async(BenchContext context, RedissonClient redisson) throws Exception {
        Map<String, QueueKind> kinds = new LinkedHashMap<>();
        kinds.put(OURS, QueuedWork.async());
        kinds.put(LIST, RedissonQueues.asyncQueue(redisson));
        kinds.put(STREAM, RedissonQueues.asyncStream(redisson, "bench:async-stream"));
        new QueueWarmUp(context, kinds).run();
        new QueueRates(context, redisson, kinds).row(ASYNC, 4, "everysec", Want.atLeast(4));
    }
}
