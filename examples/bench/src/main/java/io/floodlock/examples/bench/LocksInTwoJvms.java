package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows in which two JVMs compete for the same locks. */
final class LocksInTwoJvms {

    private static final List<LockPeer> ALL = List.of(
            LockPeer.FLOODLOCK,
            LockPeer.RLOCK,
            LockPeer.RFENCED_LOCK,
            LockPeer.RSPIN_LOCK,
            LockPeer.SPRING_INTEGRATION,
            LockPeer.LOCK4J,
            LockPeer.POSTGRES);

    /** Turns in each JVM; the JIT compiler compiles a method after 5,000 to 15,000 calls. */
    private static final long WARM_TURNS = 15_000;

    /** Time limit of the warm-up. */
    private static final long WARM_MILLIS = 15_000;

    private final BenchContext context;
    private final LockArena arena;
    private final long millis;
    private final AtomicInteger names = new AtomicInteger();

    LocksInTwoJvms(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
        millis = context.quick() ? 500 : 2_000;
    }

    void run() {
        // whole seconds, because a figure is the share of a second
        Task hot = Task.of("hot", Mode.EXCLUSIVE, 4, context.quick() ? 1_050 : 4_050);
        row(
                "hot-2jvms-4",
                hot,
                row -> row.faster(LockPeer.RLOCK, 20)
                        .always("smallest-share", "of-second", LockRound::smallestShareOfJvm, Want.atLeast(0.4))
                        .absolute("p99", "ms", round -> round.operationMillis(99), Want.atMost(15)));
        // neither JVM has a second thread to which it could hand the key off
        further("hot-2jvms-1", task(Mode.EXCLUSIVE, 1), row -> notWorse(row, 1));
        further("hot-2jvms-1-5ms", task(Mode.EXCLUSIVE, 1).sleeping(5_000), row -> notWorse(row, 0.95));
        row("random-8-2jvms-1", task(Mode.EXCLUSIVE, 1).randomKeys(8), row -> notWorse(row, 1));
        further("random-8-2jvms-4", task(Mode.EXCLUSIVE, 4).randomKeys(8), row -> notWorse(row, 1));
        arena.further("alternating-2jvms", byTurns("alternating-2jvms", row -> notWorse(row, 1)));
    }

    private Task task(Mode mode, int threads) {
        return Task.of("two", mode, threads, millis);
    }

    private static void notWorse(LockRow row, double times) {
        row.faster(LockPeer.RLOCK, times)
                .ratio("p99", round -> round.operationMillis(99), LockPeer.RLOCK, Want.atMost(2));
    }

    private void row(String name, Task task, LockRow.Goals goals) {
        arena.row(name, row(name, goals, task));
    }

    private void further(String name, Task task, LockRow.Goals goals) {
        arena.further(name, row(name, goals, task));
    }

    /**
     * When the JVMs alternate, each calls Redis a thousand times per second, and nothing in a round hides the cost of
     * that code until it is compiled. The warm-up is therefore a number of turns, as the compiler counts them, and
     * not a time.
     */
    private LockArena.Row byTurns(String name, LockRow.Goals goals) {
        Task warm = Task.of("turns", Mode.ALTERNATING, 1, WARM_MILLIS).times(WARM_TURNS);
        return () -> new LockRow(context, name, goals)
                .warmedBy(peer -> run(peer, warm))
                .run(ALL, peer -> run(peer, task(Mode.ALTERNATING, 1)));
    }

    private LockArena.Row row(String name, LockRow.Goals goals, Task task) {
        return () -> new LockRow(context, name, goals).run(ALL, peer -> run(peer, task));
    }

    private LockRound run(LockPeer peer, Task task) throws IOException {
        Task named = task.named("two" + names.incrementAndGet() + "-");
        return arena.run(peer, named, named);
    }
}
