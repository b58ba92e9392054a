package io.floodlock.runtime.tx.dialect;

import java.util.Arrays;

/**
 * A row of the table of decisions.
 *
 * @param state C committed, A aborted for ever
 * @param branches that it binds, by comma; of a tombstone they don't matter
 */
public record Decision(String gid, char state, String branches) {

    public boolean commits() {
        return state == 'C';
    }

    /** Whether it commits that branch. */
    public boolean commits(String branch) {
        return commits() && Arrays.asList(branches.split(",")).contains(branch);
    }

    /** Whether it keeps its transaction from ever being committed. */
    public boolean tombstone() {
        return state == 'A';
    }
}
