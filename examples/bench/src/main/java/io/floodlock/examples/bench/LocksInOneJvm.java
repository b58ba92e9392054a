package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The rows in which only one JVM uses the lock. */
final class LocksInOneJvm {

    private static final List<LockPeer> EXCLUSIVE = List.of(
            LockPeer.FLOODLOCK,
            LockPeer.RLOCK,
            LockPeer.RFENCED_LOCK,
            LockPeer.RSPIN_LOCK,
            LockPeer.SPRING_INTEGRATION,
            LockPeer.LOCK4J,
            LockPeer.POSTGRES,
            LockPeer.REENTRANT_LOCK);

    /** All but ReentrantLock, whose map keeps a lock for each key ever used. */
    private static final List<LockPeer> NEW_KEYS =
            EXCLUSIVE.stream().filter(peer -> peer != LockPeer.REENTRANT_LOCK).collect(Collectors.toUnmodifiableList());

    private static final List<LockPeer> SHARED =
            List.of(LockPeer.FLOODLOCK, LockPeer.RREAD_WRITE_LOCK, LockPeer.POSTGRES);

    private final BenchContext context;
    private final LockArena arena;
    private final long millis;

    /** Numbers the rounds, so that each round has new lock names. */
    private final AtomicInteger names = new AtomicInteger();

    LocksInOneJvm(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
        millis = context.quick() ? 400 : 2_000;
    }

    void run() {
        row(
                "hot-8",
                exclusive("hot", 8),
                EXCLUSIVE,
                row -> row.faster(LockPeer.RLOCK, 100).faster(LockPeer.REENTRANT_LOCK, 0.1));
        row(
                "hot-64",
                exclusive("hot", 64),
                EXCLUSIVE,
                row -> row.absolute("waiting-p99", "ms", round -> round.waitMillis(99), Want.atMost(4))
                        .absolute("smallest-share", "of-fair", LockRound::smallestShareOfThread, Want.atLeast(0.25))
                        .faster(LockPeer.RLOCK, 1));
        row(
                "hot-8-50us",
                exclusive("hot", 8).busy(50),
                EXCLUSIVE,
                row -> row.faster(LockPeer.REENTRANT_LOCK, 0.9).faster(LockPeer.RLOCK, 1));
        row("same-key-1", exclusive("same", 1), EXCLUSIVE, row -> row.faster(LockPeer.RLOCK, 300));
        row(
                "cold-1",
                exclusive("cold", 1).newKeys(),
                NEW_KEYS,
                row -> row.faster(LockPeer.RLOCK, 1.6).faster(LockPeer.SPRING_INTEGRATION, 1));
        arena.further(
                "cold-16",
                row(
                        "cold-16",
                        row -> row.faster(LockPeer.RLOCK, 1)
                                .faster(LockPeer.SPRING_INTEGRATION, 1)
                                .ratio("p99", round -> round.operationMillis(99), LockPeer.RLOCK, Want.atMost(1)),
                        exclusive("cold", 16).newKeys(),
                        NEW_KEYS));
        row(
                "shared-8",
                Task.of("shared", Mode.SHARED, 8, millis),
                SHARED,
                row -> row.faster(LockPeer.RREAD_WRITE_LOCK, 100));
        readersAndWriters();
    }

    private Task exclusive(String name, int threads) {
        return Task.of(name, Mode.EXCLUSIVE, threads, millis);
    }

    private void row(String name, Task task, List<LockPeer> peers, LockRow.Goals goals) {
        arena.row(name, row(name, goals, task, peers));
    }

    private LockArena.Row row(String name, LockRow.Goals goals, Task task, List<LockPeer> peers) {
        return () -> new LockRow(context, name, goals)
                .run(peers, peer -> arena.run(peer, task.named(task.name() + names.incrementAndGet() + "-")));
    }

    /** Sections of 50 ms, so that a reader is always inside. */
    private void readersAndWriters() {
        String name = "readers-8-writers-2-50ms";
        long time = context.quick() ? 1_200 : 5_000;
        LockRow.Goals goals =
                row -> row.figure("writers", "ops/s", round -> round.only(1).rate())
                        .absolute("writer-p99", "ms", round -> round.only(1).operationMillis(99) - 50, Want.atMost(250))
                        .ratio("readers", round -> round.only(0).rate(), LockPeer.RREAD_WRITE_LOCK, Want.atLeast(0.45));
        arena.row(
                name,
                () -> new LockRow(context, name, goals).run(SHARED, peer -> {
                    String lock = "rw" + names.incrementAndGet();
                    return arena.together(
                            peer,
                            Task.of(lock, Mode.SHARED, 8, time).sleeping(50_000),
                            Task.of(lock, Mode.EXCLUSIVE, 2, time).sleeping(50_000));
                }));
    }
}
