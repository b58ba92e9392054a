package io.floodlock.runtime.fence;

import io.floodlock.runtime.lock.Claim;

/** One claim in one transaction, whose states {@link FencedTransaction} explains. */
final class Part {

    enum State {
        ABSENT,
        HELD,
        BESIDE,
        CHECKED,
        READ
    }

    final Claim claim;
    final Row row;
    State state = State.ABSENT;

    /** The transaction could still read nothing when this was met, or has been found to see later data. */
    boolean fresh;

    boolean commitsBeside;

    /** The how manieth claim of the transaction made it what it is. */
    int claimed;

    Part(Claim claim, Row row) {
        this.claim = claim;
        this.row = row;
    }
}
