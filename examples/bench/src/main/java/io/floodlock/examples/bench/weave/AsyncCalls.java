package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;
import java.util.concurrent.CompletableFuture;

/** The same small work without weaving, under a lock, and under a lock with an asynchronous result. */
final class AsyncCalls {

    private AsyncCalls() {}

    /** Holds the key while the work runs, so that calls inside re-enter it without a call to Redis. */
    @PessimisticLock(key = "bench:async:{key}")
    static void holding(long key, Runnable work) {
        work.run();
    }

    static long plain(long value) {
        return value ^ value << 13;
    }

    static CompletableFuture<Long> plainFuture(long value) {
        return CompletableFuture.completedFuture(plain(value));
    }

    static CompletableFuture<Long> plainLater(CompletableFuture<Long> later) {
        return later;
    }

    @PessimisticLock(key = "bench:async:{key}")
    static long locked(long key, long value) {
        return plain(value);
    }

    /** Returns a future that is already complete. */
    @PessimisticLock(key = "bench:async:{key}")
    static CompletableFuture<Long> lockedFuture(long key, long value) {
        return plainFuture(value);
    }

    /** Returns a future that is completed later. */
    @PessimisticLock(key = "bench:async:{key}")
    static CompletableFuture<Long> lockedLater(long key, CompletableFuture<Long> later) {
        return later;
    }
}
