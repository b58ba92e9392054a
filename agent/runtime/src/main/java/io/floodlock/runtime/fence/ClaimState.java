package io.floodlock.runtime.fence;

import io.floodlock.runtime.lock.FenceClaim;

/**
 * One claim in one transaction, and its state. {@link FencedTransaction} explains the states and their transitions. One
 * thread at a time.
 */
final class ClaimState {

    enum Phase {
        ABSENT,
        HELD,
        BESIDE,
        CHECKED,
        READ
    }

    final FenceClaim claim;
    final FenceRow row;
    Phase state = Phase.ABSENT;

    /**
     * Whether the transaction's snapshot needs no further check: the transaction had run no statement when it made the
     * claim, or its isolation level shows it later data. It is also set where no check is possible or needed (BESIDE,
     * unseen work).
     */
    boolean fresh;

    /**
     * Whether {@link FencedDatabase#commitBeside} counted this claim, so that the end of the transaction must undo the
     * count.
     */
    boolean commitsBeside;

    /** Ordinal, within the transaction, of the claim that set {@code state}; compared with the counts of savepoints. */
    int claimed;

    ClaimState(FenceClaim claim, FenceRow row) {
        this.claim = claim;
        this.row = row;
    }
}
