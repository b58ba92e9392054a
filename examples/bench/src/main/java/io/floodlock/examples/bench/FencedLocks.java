package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.List;

/** Measures the cost of fencing for a transaction of five statements, on a PostgreSQL whose commits are on disk. */
final class FencedLocks {

    private static final List<LockPeer> BOTH = List.of(LockPeer.FENCED_TRANSACTION, LockPeer.PLAIN_TRANSACTION);
    private static final int KEYS = 64;

    private final BenchContext context;
    private final LockArena arena;

    FencedLocks(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
    }

    void run() {
        row("fence-5-statements-1", 1);
        row("fence-5-statements-8", 8);
        for (LockPeer peer : BOTH) {
            arena.end(peer);
        }
    }

    /**
     * The time that a disk needs to write a commit changes from second to second by more than fencing costs. Both
     * variants therefore alternate within a fraction of a second.
     */
    private void row(String name, int threads) {
        int turns = context.quick() ? 20 : 60;
        long millis = 250;
        LockRow.Goals goals = row -> row.figure("round-trips", "per-section", LockRound::roundTripsPerSection)
                .difference("round-trips", LockRound::roundTripsPerSection, LockPeer.PLAIN_TRANSACTION, Want.atMost(1))
                // fencing may cost 15 % of the time that the fenced transaction takes
                .ratio("p50", round -> round.operationMillis(50), LockPeer.PLAIN_TRANSACTION, Want.atMost(1 / 0.85));
        arena.row(
                name,
                () -> new LockRow(context, name, LockPeer.FENCED_TRANSACTION, goals)
                        .turns(turns)
                        .run(BOTH, peer -> {
                            // the same names in each round, so that the measured rounds find existing rows
                            Task task = Task.of(name + peer, Mode.EXCLUSIVE, threads, millis)
                                    .randomKeys(KEYS);
                            return arena.run(peer, task);
                        }));
    }
}
