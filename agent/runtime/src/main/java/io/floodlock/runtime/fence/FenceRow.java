package io.floodlock.runtime.fence;

/** A row of the table {@code floodlock_fence}, as it is stored or as a claim wants it. */
record FenceRow(String name, long token, String owner) {

    /**
     * Whether the holder that wants this row is stale: {@code stored} has a greater token, or the same token of another
     * owner.
     */
    boolean isStale(FenceRow stored) {
        return stored.token > token || stored.token == token && !stored.owner.equals(owner);
    }
}
