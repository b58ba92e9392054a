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
 * One row: the same work for several kinds of locks, in interleaved rounds. It reports one case per kind, named
 * {@code row.peer}, then further figures and the goals. When quick, only the peers that its goals name are measured.
 * Used once.
 */
final class LockRow {

    private final BenchContext context;
    private final String name;
    private final LockPeer ours;
    private final Goals goals;
    private final Map<LockPeer, List<LockRound>> rounds = new EnumMap<>(LockPeer.class);
    private int turns;

    /** Runs before the first round of each peer; null for none. */
    private Variant warmUp;

    /** The peers that the goals name. Set only while {@link #run} collects them, before anything is measured. */
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

    /** Sets the number of rounds, if disturbances of the machine are shorter than a usual round. */
    LockRow turns(int number) {
        turns = number;
        return this;
    }

    /**
     * Sets a warm-up that runs before the first round of each peer, if a round is too short for its code to be
     * compiled.
     */
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
        // drop the warm-up round
        rounds.values().forEach(all -> all.remove(0));
        goals.of(this);
    }

    private Series series(LockPeer peer, ToDoubleFunction<LockRound> value) {
        Series series = new Series();
        rounds.get(peer).forEach(round -> series.add(Sample.of(value.applyAsDouble(round))));
        return series;
    }

    /** Adds another case for each peer. */
    LockRow figure(String figure, String unit, ToDoubleFunction<LockRound> value) {
        rounds.keySet()
                .forEach(peer -> context.report().add(name + "-" + figure + "." + peer, unit, series(peer, value)));
        return this;
    }

    /** Adds a goal: Floodlock makes at least this many times the operations per second of the peer. */
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

    /** Adds a goal on the difference between Floodlock's figure and the peer's. */
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

    /** Adds another case for each peer, and a goal for the median of Floodlock's figure, independent of the peers. */
    LockRow absolute(String figure, String unit, ToDoubleFunction<LockRound> value, Want want) {
        figure(figure, unit, value);
        return named != null ? this : goal(figure, series(ours, value).median(), want);
    }

    /** As {@link #absolute}, for the smallest of Floodlock's figures in any round. */
    LockRow always(String figure, String unit, ToDoubleFunction<LockRound> value, Want want) {
        figure(figure, unit, value);
        return named != null ? this : goal(figure, series(ours, value).min(), want);
    }

    private LockRow goal(String figure, double ours, Want want) {
        context.report().differenceGoal(name + "-" + figure, ours, "none", 0, want);
        return this;
    }

    /** The work of one kind of lock in one round. */
    interface Variant {
        LockRound round(LockPeer peer) throws Exception;
    }

    /** The figures that the row reports and the goals that it must reach. */
    interface Goals {
        void of(LockRow row);
    }
}
