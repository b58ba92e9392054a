package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Outcome;
import io.floodlock.examples.bench.locks.RedissonLocks;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import io.floodlock.testkit.ForkedJvm;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RedissonClient;

/** Very many locks of one JVM: what it costs to keep them, and how soon they are free when it ends. */
final class LocksAtTheEnd {

    private static final long LEASE_MILLIS = 10_000;
    private static final int IDLE = 10_000;

    private static final int FOREIGN = 500;

    private final BenchContext context;
    private final LockArena arena;
    private RedissonClient redis;

    LocksAtTheEnd(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
    }

    void run() {
        redis = RedissonLocks.client(context.redisUrl());
        try {
            arena.row("renewals", this::renewals);
            arena.row("sigterm", this::taken);
        } finally {
            redis.shutdown();
        }
    }

    /** A server that is no cluster has one bucket. */
    private void renewals() throws Exception {
        int held = context.quick() ? 20_000 : 100_000;
        arena.end(LockPeer.FLOODLOCK);
        // what JVMs have left that were killed, which this one would clear as their leases end
        redis.getKeys().flushall();
        Outcome taken = arena.start(arena.jvm(LockPeer.FLOODLOCK, 0), Task.held("held", held))
                .outcome();
        context.report().add("renewals-taken-" + held, "ops/s", Series.of(taken.sections() / taken.seconds()));
        try (RedisTraffic traffic = new RedisTraffic(context.redisUrl())) {
            // just less than three thirds of a lease: no more than three renewals can fall in
            Thread.sleep(LEASE_MILLIS - LEASE_MILLIS / 100);
            double sessions = traffic.byCommand().getOrDefault("script:hset", 0L) / 3.0;
            context.report()
                    .add("renewals-calls-" + held + ".floodlock", "per-third", Series.of(traffic.calls() / 3.0));
            goal("renewals-" + held, sessions, Want.atMost(1));
        }
        arena.end(LockPeer.FLOODLOCK);
    }

    /**
     * What another JVM waits at most for any of them that asks from the signal on. Names stay in Redis for a while; they are
     * free as soon as the session is gone that they stand for.
     */
    private void taken() throws Exception {
        Series worst = new Series();
        for (int round = 0; round < (context.quick() ? 1 : 5); round++) {
            String name = "taken" + round + "-";
            ForkedJvm ending = withIdleLocks(name);
            LockArena.Started taking = arena.start(
                    arena.jvm(LockPeer.FLOODLOCK, 1),
                    Task.of(name, Mode.EXCLUSIVE, 2, 60_000)
                            .randomKeys(IDLE)
                            .times(FOREIGN)
                            .at(System.currentTimeMillis() + 20, 1, 0));
            TimeUnit.MILLISECONDS.sleep(20);
            ending.terminate();
            worst.add(Sample.of(Outcome.histogram(taking.outcome().operations()).getMaxValue() / 1e6));
            arena.end(LockPeer.FLOODLOCK);
        }
        context.report().add("sigterm-worst.floodlock", "ms", worst);
        goal("sigterm-worst-ms", worst.median(), Want.atMost(20));
    }

    /** A JVM that has just used as many locks as it may keep idle. */
    private ForkedJvm withIdleLocks(String name) throws Exception {
        arena.end(LockPeer.FLOODLOCK);
        // what JVMs have left that were killed
        redis.getKeys().flushall();
        ForkedJvm jvm = arena.jvm(LockPeer.FLOODLOCK, 0);
        // connected, and so that it knows how to take them
        Task first = Task.of("first" + name, Mode.EXCLUSIVE, 2, 500).newKeys();
        arena.run(LockPeer.FLOODLOCK, first, first);
        // again and again, as what is not used is given back
        Task idle = Task.of(name, Mode.EXCLUSIVE, 8, context.quick() ? 3_000 : 8_000)
                .randomKeys(IDLE);
        arena.start(jvm, idle.at(0, 0, 0)).outcome();
        return jvm;
    }

    private void goal(String name, double ours, Want want) {
        context.report().differenceGoal(name, ours, "none", 0, want);
    }
}
