package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures the cost of locks for Redis. The figures are counts, not times, so one round each is enough. */
final class LocksInRedis {

    private static final int SECTIONS = 2_000;
    private static final long SETTLED_MILLIS = 1_500;

    private final BenchContext context;
    private final LockArena arena;

    LocksInRedis(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
    }

    void run() {
        arena.row("redis-cold", this::cold);
        arena.row("redis-hot-2jvms", this::hot);
    }

    private void cold() throws Exception {
        Map<LockPeer, PerSection> all = new TreeMap<>();
        for (LockPeer peer : List.of(LockPeer.FLOODLOCK, LockPeer.RLOCK, LockPeer.SPRING_INTEGRATION)) {
            if (!context.quick() || peer != LockPeer.SPRING_INTEGRATION) {
                // creates connections, scripts and sessions before anything is counted
                arena.run(peer, Task.of("counted-first", Mode.EXCLUSIVE, 1, 200).newKeys());
                all.put(
                        peer,
                        counted(
                                peer,
                                "redis-cold",
                                Task.of("counted", Mode.EXCLUSIVE, 1, 60_000)
                                        .newKeys()
                                        .times(SECTIONS)));
            }
        }
        PerSection ours = all.get(LockPeer.FLOODLOCK);
        PerSection theirs = all.get(LockPeer.RLOCK);
        goal("redis-cold-calls", ours.calls, Want.atMost(2));
        goal("redis-cold-commands", ours.commands, Want.atMost(9));
        context.report().ratioGoal("redis-cold-calls", ours.calls, "RLock", theirs.calls, Want.atMost(1));
    }

    private void hot() throws Exception {
        long millis = context.quick() ? 1_000 : 3_000;
        Task task = Task.of("counted-hot", Mode.EXCLUSIVE, 4, millis);
        for (LockPeer peer : List.of(LockPeer.FLOODLOCK, LockPeer.RLOCK)) {
            arena.run(peer, task, task);
            PerSection counted = counted(peer, "redis-hot-2jvms", task, task);
            if (peer == LockPeer.FLOODLOCK) {
                goal("redis-hot-2jvms-calls", counted.calls, Want.atMost(0.05));
            }
        }
    }

    private PerSection counted(LockPeer peer, String row, Task... each) throws Exception {
        try (RedisTraffic traffic = new RedisTraffic(context.redisUrl())) {
            LockRound round = arena.run(peer, each);
            // by now all keys that were kept idle have been released
            Thread.sleep(SETTLED_MILLIS);
            double sections =
                    round.outcomes().stream().mapToDouble(one -> one.sections()).sum();
            PerSection counted = new PerSection(traffic.calls() / sections, traffic.commands() / sections);
            context.report().add(row + "-calls." + peer, "per-section", Series.of(counted.calls));
            context.report().add(row + "-commands." + peer, "per-section", Series.of(counted.commands));
            traffic.byCommand()
                    .forEach((command, count) ->
                            context.report().note("  %s.%s %s %.3f".formatted(row, peer, command, count / sections)));
            return counted;
        }
    }

    private void goal(String name, double ours, Want want) {
        context.report().differenceGoal(name, ours, "none", 0, want);
    }

    /** Counts per lock and unlock. */
    private record PerSection(double calls, double commands) {}
}
