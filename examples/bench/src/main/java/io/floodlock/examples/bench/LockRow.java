package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One row: the same work for several kinds of locks, in interleaved rounds; a case for each, named {@code row.peer}, then
 * further figures and the goals. When quick, only the peers that its goals name are measured. Used once.
 */
final class LockRow {

    private final BenchContext context;
    private final String name;
    private final LockPeer ours;
    private final Goals goals;
    private final Map<LockPeer, List<LockRound>> rounds = new EnumMap<>(LockPeer.class);
    private int turns;

    /** Before the first round of each; null for none. */
    private Variant warmUp;

    /** Set while the goals are asked which peers they name. */
    private Set<LockPeer> named;

    LockRow(BenchContext context, String name, Goals goals) {
        this(context, name, LockPeer.FLOODLOCK, goals);
    }

    LockRow(BenchContext context, String name, LockPeer ours, Goals goals) {
        this.ours = ours;
        this.context = context;
        this.name = name;
        this.goals = goals;
        this.turns = context.quick() ? 3 : 5;
    }

    /** In so many rounds, where what slows the machine down is shorter than a usual one. */
    LockRow turns(int number) {
        turns = number;
        return this;
    }

    /** Where a round is too short for what it does to be compiled: this comes before the first one of each peer. */
    LockRow warmedBy(Variant longer) {
        warmUp = longer;
        return this;
    }

    void run(List<LockPeer> peers, Variant variant) throws Exception {
        named = EnumSet.of(ours);
        goals.of(this);
        Set<LockPeer> best = named;
        named = null;
        InterleavedRounds interleaved = new InterleavedRounds(turns);
        for (LockPeer peer : peers) {
            if (!context.quick() || best.contains(peer)) {
                List<LockRound> kept = new ArrayList<>();
                rounds.put(peer, kept);
                interleaved.variant(peer.toString(), () -> {
                    if (warmUp != null && kept.isEmpty()) {
                        warmUp.round(peer);
                    }
                    LockRound round = variant.round(peer);
                    kept.add(round);
                    return round.sample();
                });
            }
        }
        interleaved.run().forEach((peer, series) -> context.report().operations(name + "." + peer, series));
        // the round of warm-up
        rounds.values().forEach(all -> all.remove(0));
        goals.of(this);
    }

    private Series series(LockPeer peer, ToDoubleFunction<LockRound> value) {
        Series series = new Series();
        rounds.get(peer).forEach(round -> series.add(Sample.of(value.applyAsDouble(round))));
        return series;
    }

    /** Another case of each. */
    LockRow figure(String figure, String unit, ToDoubleFunction<LockRound> value) {
        rounds.keySet()
                .forEach(peer -> context.report().add(name + "-" + figure + "." + peer, unit, series(peer, value)));
        return this;
    }

    /** How many times a peer's operations per second ours are. */
    LockRow faster(LockPeer peer, double times) {
        return ratio("", LockRound::rate, peer, Want.atLeast(times));
    }

    LockRow ratio(String figure, ToDoubleFunction<LockRound> value, LockPeer peer, Want want) {
        if (named != null) {
            named.add(peer);
        } else if (rounds.containsKey(peer)) {
            context.report()
                    .ratioGoal(
                            figure.isEmpty() ? name : name + "-" + figure,
                            series(ours, value),
                            peer.toString(),
                            series(peer, value),
                            want);
        }
        return this;
    }

    /** A goal on how much more than a peer's a figure of ours is. */
    LockRow difference(String figure, ToDoubleFunction<LockRound> value, LockPeer peer, Want want) {
        if (named != null) {
            named.add(peer);
        } else if (rounds.containsKey(peer)) {
            context.report()
                    .differenceGoal(
                            name + "-" + figure, series(ours, value), peer.toString(), series(peer, value), want);
        }
        return this;
    }

    /** Another case of each, and a goal for the median of ours, whatever others do. */
    LockRow absolute(String figure, String unit, ToDoubleFunction<LockRound> value, Want want) {
        figure(figure, unit, value);
        return named != null ? this : goal(figure, series(ours, value).median(), want);
    }

    /** The same for the smallest of ours in any round. */
    LockRow always(String figure, String unit, ToDoubleFunction<LockRound> value, Want want) {
        figure(figure, unit, value);
        return named != null ? this : goal(figure, series(ours, value).min(), want);
    }

    private LockRow goal(String figure, double ours, Want want) {
        context.report().differenceGoal(name + "-" + figure, ours, "none", 0, want);
        return this;
    }

    /** What one kind of lock does in one round. */
    interface Variant {
        LockRound round(LockPeer peer) throws Exception;
    }

    /** What the row shows and has to reach. */
    interface Goals {
        void of(LockRow row);
    }
}
