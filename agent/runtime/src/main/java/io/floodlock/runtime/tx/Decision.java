package io.floodlock.runtime.tx;

import java.util.Arrays;

/**
 * A row of the table of decisions.
 *
 * @param state C committed, A aborted for ever
 * @param branches that it binds, by comma; of a tombstone they don't matter
 */
record Decision(String gid, char state, String branches) {

    boolean commits() {
        return state == 'C';
    }

    /** Whether it commits that branch. */
    boolean commits(String branch) {
        return commits() && Arrays.asList(branches.split(",")).contains(branch);
    }

    /** Whether it keeps its transaction from ever being committed. */
    boolean tombstone() {
        return state == 'A';
    }
}
