package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows in which no thread waits: the lock is granted or refused at once. */
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

    /** A new JVM has only waited for locks. The code for a refusal is compiled after it has run thousands of times. */
    private static final long WARM_MILLIS = 5_000;

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
        row(
                "at-once-cold-1",
                (peer, name, millis) -> arena.run(peer, tries(name, 1, millis).newKeys()));
        row(
                "at-once-busy-here-4",
                (peer, name, millis) -> arena.together(peer, refused(name, 4, millis), holder(name, millis))
                        .only(0));
        row(
                "at-once-busy-elsewhere-1",
                (peer, name, millis) -> arena.run(peer, holder(name, millis), refused(name, 1, millis))
                        .only(1));
        row(
                "at-once-busy-elsewhere-4",
                (peer, name, millis) -> arena.run(peer, holder(name, millis), refused(name, 4, millis))
                        .only(1));
    }

    private static Task tries(String name, int threads, long millis) {
        return Task.of(name, Mode.AT_ONCE, threads, millis);
    }

    /** Tries that begin while the holder is in its section. */
    private static Task refused(String name, int threads, long millis) {
        return tries(name, threads, millis).later(HEAD_START_MILLIS);
    }

    /** One section that lasts longer than the tries of the other threads. */
    private static Task holder(String name, long millis) {
        return tries(name, 1, millis).times(1).sleeping((millis + 2 * HEAD_START_MILLIS) * 1_000);
    }

    private void row(String name, Round round) {
        arena.further(
                name,
                () -> new LockRow(context, name, GOALS)
                        .warmedBy(peer -> round.of(peer, newName(), WARM_MILLIS))
                        .run(ALL, peer -> round.of(peer, newName(), millis)));
    }

    private String newName() {
        return "try" + names.incrementAndGet() + "-";
    }

    private interface Round {
        LockRound of(LockPeer peer, String name, long millis) throws Exception;
    }
}
