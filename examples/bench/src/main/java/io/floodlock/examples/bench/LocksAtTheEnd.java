package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Outcome;
import io.floodlock.examples.bench.locks.RedissonLocks;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import io.floodlock.testkit.ForkedJvm;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RedissonClient;

/**
 * Measures the locks of one JVM in large numbers: the cost of keeping them, and the time until they are free after
 * the JVM ends.
 */
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

    /** Counts renewals. A single server, unlike a cluster, has one bucket. */
    private void renewals() throws Exception {
        int held = context.quick() ? 20_000 : 100_000;
        arena.end(LockPeer.FLOODLOCK);
        // remove the keys of killed JVMs, because this JVM would clear them when their leases end
        redis.getKeys().flushall();
        Outcome taken = arena.start(arena.jvm(LockPeer.FLOODLOCK, 0), Task.held("held", held))
                .outcome();
        context.report().add("renewals-taken-" + held, "ops/s", Series.of(taken.sections() / taken.seconds()));
        try (RedisTraffic traffic = new RedisTraffic(context.redisUrl())) {
            // slightly less than a whole lease: at most three renewals fall into it
            Thread.sleep(LEASE_MILLIS - LEASE_MILLIS / 100);
            double sessions = traffic.byCommand().getOrDefault("script:hset", 0L) / 3.0;
            context.report()
                    .add("renewals-calls-" + held + ".floodlock", "per-third", Series.of(traffic.calls() / 3.0));
            goal("renewals-" + held, sessions, Want.atMost(1));
        }
        arena.end(LockPeer.FLOODLOCK);
    }

    /**
     * Measures the longest time that another JVM waits for any of these locks if it requests them after the signal.
     * The names stay in Redis for a while, but the locks are free as soon as the session that holds them has ended.
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
        // remove the keys of killed JVMs
        redis.getKeys().flushall();
        ForkedJvm jvm = arena.jvm(LockPeer.FLOODLOCK, 0);
        // so that the JVM is connected and has compiled the acquisition
        Task first = Task.of("first" + name, Mode.EXCLUSIVE, 2, 500).newKeys();
        arena.run(LockPeer.FLOODLOCK, first, first);
        // repeatedly, because idle locks are released
        Task idle = Task.of(name, Mode.EXCLUSIVE, 8, context.quick() ? 3_000 : 8_000)
                .randomKeys(IDLE);
        arena.start(jvm, idle.at(0, 0, 0)).outcome();
        return jvm;
    }

    private void goal(String name, double ours, Want want) {
        context.report().differenceGoal(name, ours, "none", 0, want);
    }
}
