package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.thread.SpinMutex;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Gives each scope inside one key its fencing token, and has Redis reserve more tokens before they are used up. One
 * per {@link LocalLock}. Thread-safe by the key's mutex.
 */
final class TokenDispenser {

    private final String name;
    private final Bucket bucket;
    private final SpinMutex mutex;

    TokenDispenser(String name, Bucket bucket, SpinMutex mutex) {
        this.name = name;
        this.bucket = bucket;
        this.mutex = mutex;
    }

    /**
     * The fencing token of one holding, the same at every call. The token of an exclusive holding is greater than all
     * tokens before it; shared holdings that are inside together have one in common. Waits for Redis only if the next
     * block is late; {@code patience} limits each wait. Fails with LOCK_LOST if the holding isn't held.
     */
    long token(Holding entry, Duration patience) {
        while (true) {
            TokenBlock tokens = entry.hold.tokens;
            CompletableFuture<Void> coming;
            int requested = 0;
            long token;
            mutex.lock();
            try {
                if (!entry.held()) {
                    throw entry.lost();
                }
                if (entry.token == 0) {
                    entry.token = tokens.draw(entry.mode);
                }
                token = entry.token;
                if (tokens.low() && tokens.coming == null) {
                    tokens.coming = new CompletableFuture<>();
                    requested = tokens.nextBlock();
                }
                coming = tokens.coming;
            } finally {
                mutex.unlock();
            }
            if (requested > 0) {
                reserve(entry.hold, requested, coming);
            }
            if (token != 0) {
                return token;
            }
            bucket.await(coming, patience);
        }
    }

    /** Requests the next block. The reply may arrive before this returns. */
    private void reserve(LocalGrant hold, int count, CompletableFuture<Void> coming) {
        try {
            bucket.reserveTokens(hold, count, (first, problem) -> reserved(hold, count, coming, first, problem));
        } catch (Throwable e) {
            hold.tokens.coming = null;
            coming.completeExceptionally(e);
            throw e;
        }
    }

    private void reserved(
            LocalGrant hold, int count, CompletableFuture<Void> coming, Long first, FloodlockFailure problem) {
        mutex.lock();
        try {
            hold.tokens.coming = null;
            if (problem == null) {
                hold.tokens.reserved(first, count);
            }
        } finally {
            mutex.unlock();
        }
        if (problem == null) {
            coming.complete(null);
        } else {
            coming.completeExceptionally(problem);
        }
    }

    /**
     * A database knows a token of this key that is greater than the holding's, which is held all the same: Redis has
     * lost its count. The tokens reserved for this grant are void unless they are greater than {@code known}, and the
     * grant is not kept.
     */
    void outgrown(Holding entry, long known) {
        mutex.lock();
        try {
            entry.hold.tokens.outgrown(known);
            entry.hold.keep = false;
            entry.hold.keepUndecided = false;
        } finally {
            mutex.unlock();
        }
    }
}
