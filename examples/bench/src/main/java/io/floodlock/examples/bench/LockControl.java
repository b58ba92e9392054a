package io.floodlock.examples.bench;

import io.floodlock.examples.bench.locks.Task;

/** Verifies that the ledger loses counts without a lock. If it does not, the check of the other rows proves nothing. */
final class LockControl {

    private static final int ATTEMPTS = 20;

    private final Report report;
    private final LockArena arena;

    LockControl(Report report, LockArena arena) {
        this.report = report;
        this.arena = arena;
    }

    void run() {
        arena.row("control", this::losesCounts);
    }

    private void losesCounts() throws Exception {
        Task task = Task.of("hot", Task.Mode.EXCLUSIVE, 8, 300);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (arena.losesCounts(LockPeer.NONE, task)) {
                arena.end(LockPeer.NONE);
                report.note("control: without a lock the ledger lost counts");
                return;
            }
        }
        throw new IllegalStateException("eight threads without a lock lost no counts: the check finds nothing");
    }
}
