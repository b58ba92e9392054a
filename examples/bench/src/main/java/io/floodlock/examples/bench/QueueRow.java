package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.QueueKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNodes;

/**
 * One row: calls through several queues from end to end, in interleaved rounds. It reports one case per queue, named
 * {@code row.queue}, then the goals. When quick, it measures only the first peer of each goal. Used once.
 */
final class QueueRow {

    private final BenchContext context;
    private final String name;
    private final int callers;
    private final QueueContender ours;
    private final List<Goal> goals = new ArrayList<>();
    private final List<QueueContender> limits = new ArrayList<>();

    private record Goal(String name, Want want, List<QueueContender> peers) {}

    QueueRow(BenchContext context, String name, int callers, QueueContender ours) {
        this.context = context;
        this.name = name;
        this.callers = callers;
        this.ours = ours;
    }

    /**
     * Adds a goal on the ratio of our rate to that of the fastest of these peers in this run.
     *
     * @param peers begin with the peer that was the fastest in full runs
     */
    QueueRow goal(String goal, Want want, List<QueueContender> peers) {
        goals.add(new Goal(
                goal, want, peers.stream().filter(QueueContender::isPresent).toList()));
        return this;
    }

    /** Adds a queue that no goal names, because it shows a limit. */
    QueueRow limit(QueueContender limit) {
        limits.add(limit);
        return this;
    }

    /** @param appendfsync the setting of Redis while the row runs */
    void run(RedissonClient redisson, String appendfsync) throws Exception {
        if (!context.runs(name)) {
            return;
        }
        InterleavedRounds rounds = context.rounds();
        for (QueueContender contender : contenders()) {
            QueueKind kind = contender.kind();
            rounds.variant(contender.toString(), () -> QueueRates.endToEnd(kind, callers, context.roundTime()));
        }
        redisson.getRedisNodes(RedisNodes.SINGLE).getInstance().setConfig("appendfsync", appendfsync);
        Map<String, Series> series = rounds.run();
        series.forEach((contender, one) -> context.report().operations(name + "." + contender, one));
        goals.forEach(goal -> report(goal, series));
    }

    private Set<QueueContender> contenders() {
        Set<QueueContender> contenders = new LinkedHashSet<>(List.of(ours));
        for (Goal goal : goals) {
            contenders.addAll(context.quick() ? goal.peers.subList(0, 1) : goal.peers);
        }
        if (!context.quick()) {
            contenders.addAll(limits);
        }
        return contenders;
    }

    private void report(Goal goal, Map<String, Series> series) {
        String best = goal.peers.stream()
                .map(QueueContender::toString)
                .filter(series::containsKey)
                .max(Comparator.comparingDouble(peer -> series.get(peer).median()))
                .orElseThrow();
        context.report().ratioGoal(goal.name, series.get(ours.toString()), best, series.get(best), goal.want);
    }
}
