package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import java.util.concurrent.CompletableFuture;

/**
 * The fencing tokens of one hold. Those of an exclusive hold are drawn from blocks that Redis has reserved for it: scopes that
 * follow each other in this JVM get growing ones without asking. The first block comes with the grant, so that nobody waits for
 * it, and the next is asked for while the last is not used up. The one token of a shared hold is that of the read phase, all of whose members in all JVMs have it. Guarded by the lock's mutex.
 *
 * <p>Whoever holds the key after this JVM gets a greater token than any of these, used or not: Redis counts on from them.
 */
public final class TokenBlock {

    /** The tokens that come with an exclusive grant; the same as GRANTED in {@code bucket.lua}. */
    public static final int GRANTED = 16;

    private static final int LARGEST_BLOCK = 1_000;

    private final LockMode mode;
    private long next;
    private long left;

    /** A scope found none left. */
    private boolean wanting;

    /** 0 where the token is shared. */
    private int lastBlock;

    /** A database has seen it. */
    private long known;

    /** The token of the shared scopes that are inside an exclusive hold, until an exclusive one draws again; 0 without. */
    private long shared;

    /** The next block, asked for. */
    CompletableFuture<Void> coming;

    /** @param first of those that come with the grant */
    TokenBlock(LockMode mode, long first) {
        this.mode = mode;
        this.next = first;
        this.lastBlock = mode == LockMode.EXCLUSIVE ? GRANTED : 0;
        this.left = lastBlock;
    }

    /** For a scope that has none yet; 0 if a block must come first. */
    long draw(LockMode wanted) {
        if (mode == LockMode.SHARED) {
            return next;
        }
        if (wanted == LockMode.SHARED && shared != 0) {
            return shared;
        }
        wanting = left == 0;
        if (wanting) {
            return 0;
        }
        left--;
        long drawn = next++;
        shared = wanted == LockMode.SHARED ? drawn : 0;
        return drawn;
    }

    /** Whether it is time to ask for more. */
    boolean low() {
        return wanting || lastBlock > 0 && left <= lastBlock / 4;
    }

    /** How many to ask for. They grow with use, as what is reserved and not used lets the count run ahead of the clock. */
    int nextBlock() {
        return Math.min(LARGEST_BLOCK, lastBlock * 4);
    }

    /** What was left of the last block lies below, and is forgone. */
    void reserved(long first, int count) {
        if (first > known) {
            next = first;
            left = count;
            lastBlock = count;
            wanting = false;
        }
    }

    /** What isn't greater than {@code token} is no good any more. */
    void outgrown(long token) {
        known = Math.max(known, token);
        if (mode == LockMode.EXCLUSIVE && next <= known) {
            left = 0;
            shared = 0;
        }
    }
}
