package io.floodlock.examples.bench;

import io.floodlock.PessimisticLock;

/** An empty section under one lock that everybody wants, woven by the agent. */
final class HotSection {

    @PessimisticLock(key = "bench:hot", waitTime = "1m")
    void run() {
        // only the lock is measured
    }
}
