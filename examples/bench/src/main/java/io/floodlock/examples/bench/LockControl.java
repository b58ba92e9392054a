package io.floodlock.examples.bench;

import io.floodlock.examples.bench.locks.Task;

/** Without a lock the ledger must lose counts: if it doesn't, the check of the other rows says nothing. */
final class LockControl {

    private static final int ATTEMPTS = 20;

    private final BenchContext context;
    private final LockArena arena;

    LockControl(BenchContext context, LockArena arena) {
        this.context = context;
        this.arena = arena;
    }

    void run() throws Exception {
        if (!context.runs("control")) {
            return;
        }
        Task task = Task.of("hot", Task.Mode.EXCLUSIVE, 8, 300);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (arena.losesCounts(LockPeer.NONE, task)) {
                arena.end(LockPeer.NONE);
                return;
            }
        }
        throw new IllegalStateException("eight threads without a lock lost no counts: the check finds nothing");
    }
}
