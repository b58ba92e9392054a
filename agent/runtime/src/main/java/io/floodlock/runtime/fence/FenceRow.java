package io.floodlock.runtime.fence;

/** A row of the table, stored or wanted. */
record FenceRow(String name, long token, String owner) {

    /** Whether a holder that wants this row comes too late where {@code stored} is there. */
    boolean isStale(FenceRow stored) {
        return stored.token > token || stored.token == token && !stored.owner.equals(owner);
    }
}
