package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import java.util.concurrent.CompletableFuture;

/**
 * The fencing tokens of one {@link LocalGrant}. Those of an exclusive grant are drawn from blocks that Redis has
 * reserved for it: scopes that follow each other in this JVM get growing tokens without a request. The first block
 * comes with the grant, so no scope waits for it. The next is requested before the current one is used up. A shared
 * grant has one token, that of the read phase, common to all its members in all JVMs. {@link TokenDispenser} calls
 * it. Guarded by the lock's mutex.
 *
 * <p>Every holder after this JVM gets a greater token than any of these, used or not: Redis counts on from them.
 */
public final class TokenBlock {

    /** Number of tokens that come with an exclusive grant; the same as GRANTED in {@code bucket.lua}. */
    public static final int GRANTED = 16;

    private static final int LARGEST_BLOCK = 1_000;

    private final LockMode mode;
    private long next;
    private long left;

    /** A scope found no token left. */
    private boolean exhausted;

    /** Size of the last block; 0 for a shared grant. */
    private int lastBlock;

    /** The greatest token that a database is known to have seen. */
    private long known;

    /** The token of the shared scopes inside an exclusive grant, until an exclusive scope draws again; 0 for none. */
    private long shared;

    /** Completed when the requested block has arrived or the request has failed; null if none is requested. */
    CompletableFuture<Void> coming;

    /** @param first the first token of the block that comes with the grant, or the only one of a shared grant */
    TokenBlock(LockMode mode, long first) {
        this.mode = mode;
        this.next = first;
        this.lastBlock = mode == LockMode.EXCLUSIVE ? GRANTED : 0;
        this.left = lastBlock;
    }

    /** The token for a scope that has none yet; 0 if a block must arrive first. */
    long draw(LockMode scopeMode) {
        if (mode == LockMode.SHARED) {
            return next;
        }
        if (scopeMode == LockMode.SHARED && shared != 0) {
            return shared;
        }
        exhausted = left == 0;
        if (exhausted) {
            return 0;
        }
        left--;
        long drawn = next++;
        shared = scopeMode == LockMode.SHARED ? drawn : 0;
        return drawn;
    }

    /** Whether it is time to request another block. */
    boolean low() {
        return exhausted || lastBlock > 0 && left <= lastBlock / 4;
    }

    /**
     * How many tokens to request: four times the last block, 1,000 at most. Blocks start small and grow with use,
     * since reserved but unused tokens make the count run ahead of the clock.
     */
    int nextBlock() {
        return Math.min(LARGEST_BLOCK, lastBlock * 4);
    }

    /** Adds a reserved block. The tokens left of the last block are smaller, and are forgone. */
    void reserved(long first, int count) {
        if (first > known) {
            next = first;
            left = count;
            lastBlock = count;
            exhausted = false;
        }
    }

    /**
     * A database knows {@code token}: tokens that aren't greater are void. If the next one is void, the rest of its
     * block is forgone.
     */
    void outgrown(long token) {
        known = Math.max(known, token);
        if (mode == LockMode.EXCLUSIVE && next <= known) {
            left = 0;
            shared = 0;
        }
    }
}
