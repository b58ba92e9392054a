package io.floodlock;

/** How a {@link DistributedTx} method relates to a transaction that is already open on its thread. */
public enum Propagation {
    /** Joins it; begins one where there is none. */
    REQUIRED,
    /** Sets it aside and begins another, with connections of its own. */
    REQUIRES_NEW,
    /** Sets it aside and runs without. */
    NOT_SUPPORTED,
    /** Joins it; runs without where there is none. */
    SUPPORTS,
    /** Joins it; fails with {@link IllegalTransactionException} where there is none. */
    MANDATORY,
    /** Fails with {@link IllegalTransactionException} where there is one. */
    NEVER
}
