package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows in which nobody waits: the lock is given at once or refused. */
final class LocksAtOnce {

    private static final List<LockPeer> ALL = List.of(
            LockPeer.FLOODLOCK,
            LockPeer.RLOCK,
            LockPeer.RSPIN_LOCK,
            LockPeer.SPRING_INTEGRATION,
            LockPeer.SHEDLOCK,
            LockPeer.POSTGRES);

    private static final LockRow.Goals GOALS = row -> row.faster(LockPeer.RLOCK, 1)
            .faster(LockPeer.SHEDLOCK, 1)
            .ratio("p99", round -> round.operationMillis(99), LockPeer.RLOCK, Want.atMost(2));

    private static final long HEAD_START_MILLIS = 100;

    private final BenchContext context;
    private final LockArena arena;
    private final long millis;
    private final AtomicInteger names = new AtomicInteger();

    LocksAtOnce(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
        millis = context.quick() ? 350 : 2_000;
    }

    void run() {
        row("at-once-cold-1", (peer, name) -> arena.run(peer, tries(name, 1).newKeys()));
        row(
                "at-once-busy-here-4",
                (peer, name) ->
                        arena.together(peer, refused(name, 4), holder(name)).only(0));
        row(
                "at-once-busy-elsewhere-1",
                (peer, name) -> arena.run(peer, holder(name), refused(name, 1)).only(1));
        row(
                "at-once-busy-elsewhere-4",
                (peer, name) -> arena.run(peer, holder(name), refused(name, 4)).only(1));
    }

    private Task tries(String name, int threads) {
        return Task.of(name, Mode.AT_ONCE, threads, millis);
    }

    /** Tries that begin when the holder is inside. */
    private Task refused(String name, int threads) {
        return tries(name, threads).later(HEAD_START_MILLIS);
    }

    /** One section that outlasts the others' tries. */
    private Task holder(String name) {
        return Task.of(name, Mode.AT_ONCE, 1, millis).times(1).sleeping((millis + 2 * HEAD_START_MILLIS) * 1_000);
    }

    private void row(String name, Round round) {
        arena.further(
                name,
                () -> new LockRow(context, name, GOALS)
                        .run(ALL, peer -> round.of(peer, "try" + names.incrementAndGet() + "-")));
    }

    private interface Round {
        LockRound of(LockPeer peer, String name) throws Exception;
    }
}
