package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;
import java.util.concurrent.CompletableFuture;

/** The same small work unwoven, under a lock, and under a lock with a result that comes later. */
final class AsyncCalls {

    private AsyncCalls() {}

    /** Whatever runs in here enters that key again, without asking Redis. */
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

    /** Its future is complete when it is returned. */
    @PessimisticLock(key = "bench:async:{key}")
    static CompletableFuture<Long> lockedFuture(long key, long value) {
        return plainFuture(value);
    }

    /** Its future is completed after it was returned. */
    @PessimisticLock(key = "bench:async:{key}")
    static CompletableFuture<Long> lockedLater(long key, CompletableFuture<Long> later) {
        return later;
    }
}
