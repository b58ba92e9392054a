package io.floodlock.runtime.tx.dialect;

import java.util.Arrays;

/**
 * A row of the decision table.
 *
 * @param state C committed, A aborted for ever
 * @param branches the branches that it binds, separated by commas; meaningless in a tombstone
 */
public record Decision(String gid, char state, String branches) {

    public boolean commits() {
        return state == 'C';
    }

    /** Whether it commits that branch. */
    public boolean commits(String branch) {
        return commits() && Arrays.asList(branches.split(",")).contains(branch);
    }

    /** Whether it makes sure that its transaction never commits. */
    public boolean tombstone() {
        return state == 'A';
    }
}
