package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.Arrivals;
import io.floodlock.examples.bench.queues.QueueKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNodes;

/** Calls per second from end to end, where each caller waits until its call is stored. */
final class QueueRates {

    static final int BYTES = 200;

    private final BenchContext context;
    private final RedissonClient redisson;
    private final Map<String, QueueKind> kinds;

    QueueRates(BenchContext context, RedissonClient redisson, Map<String, QueueKind> kinds) {
        this.context = context;
        this.redisson = redisson;
        this.kinds = kinds;
    }

    /** @param want our rate over that of the best peer in this run */
    void row(String name, int callers, String appendfsync, Want want) throws Exception {
        if (!context.runs(name)) {
            return;
        }
        redisson.getRedisNodes(RedisNodes.SINGLE).getInstance().setConfig("appendfsync", appendfsync);
        InterleavedRounds rounds = context.rounds();
        kinds.forEach((variant, kind) -> rounds.variant(variant, () -> endToEnd(kind, callers, context.roundTime())));
        Map<String, Series> series = rounds.run();
        series.forEach((variant, one) -> context.report().operations(name + "." + variant, one));
        String best = List.of(QueueBench.LIST, QueueBench.STREAM).stream()
                .max(Comparator.comparingDouble(peer -> series.get(peer).median()))
                .orElseThrow();
        context.report().ratioGoal(name, series.get(QueueBench.OURS), best, series.get(best), want);
    }

    /** The calls stored within the time, divided by the time until all of them were consumed. */
    static Sample endToEnd(QueueKind kind, int callers, Duration time) throws Exception {
        long before = kind.arrivals().count();
        byte[] payload = Arrivals.payload(BYTES);
        long begin = System.nanoTime();
        Sample stored = Load.run(callers, time, thread -> kind.send(payload));
        long calls = stored.nanos().getTotalCount();
        while (kind.arrivals().count() - before < calls) {
            Thread.sleep(1);
        }
        return new Sample(calls / ((System.nanoTime() - begin) / 1e9), stored.nanos());
    }
}
