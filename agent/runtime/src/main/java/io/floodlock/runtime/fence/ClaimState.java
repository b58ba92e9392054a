package io.floodlock.runtime.fence;

import io.floodlock.runtime.lock.FenceClaim;

/** One claim in one transaction, whose states {@link FencedTransaction} explains. */
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

    /** The transaction could still read nothing when this was met, or has been found to see later data. */
    boolean fresh;

    boolean commitsBeside;

    /** The how manieth claim of the transaction made it what it is. */
    int claimed;

    ClaimState(FenceClaim claim, FenceRow row) {
        this.claim = claim;
        this.row = row;
    }
}
