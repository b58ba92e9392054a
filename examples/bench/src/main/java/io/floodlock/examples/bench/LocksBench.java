package io.floodlock.examples.bench;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Locks against Redisson's, through a woven method. */
final class LocksBench implements Bench {

    private static final int THREADS = 8;

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public Set<Server> servers() {
        return Set.of(Server.REDIS);
    }

    @Override
    public void run(BenchContext context) throws Exception {
        RedissonClient redisson = redisson(context.redisUrl());
        try {
            hotKey(context, redisson);
        } finally {
            redisson.shutdown();
        }
    }

    private static void hotKey(BenchContext context, RedissonClient redisson) throws Exception {
        HotSection woven = new HotSection();
        RLock peer = redisson.getLock("bench:hot");
        ReentrantLock local = new ReentrantLock();
        Map<String, Series> series = context.rounds()
                .variant("floodlock", () -> Load.run(THREADS, context.roundTime(), thread -> woven.run()))
                .variant(
                        "RLock",
                        () -> Load.run(THREADS, context.roundTime(), thread -> {
                            peer.lock();
                            peer.unlock();
                        }))
                .variant(
                        "ReentrantLock",
                        () -> Load.run(THREADS, context.roundTime(), thread -> {
                            local.lock();
                            local.unlock();
                        }))
                .run();
        series.forEach((name, one) -> context.report().operations("hot key, 8 threads, lock+unlock: " + name, one));
        context.report()
                .ratioGoal(
                        "hot key, 8 threads",
                        series.get("floodlock"),
                        "RLock",
                        series.get("RLock"),
                        Report.Want.atLeast(100));
        context.report()
                .ratioGoal(
                        "hot key, 8 threads",
                        series.get("floodlock"),
                        "ReentrantLock",
                        series.get("ReentrantLock"),
                        Report.Want.atLeast(0.1));
    }

    /** The peer at its best: its default of 32 Netty threads costs it a third of its throughput on two cores. */
    private static RedissonClient redisson(String url) {
        Config config = new Config();
        config.setNettyThreads(Math.max(2, Runtime.getRuntime().availableProcessors()));
        config.setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }
}
