package io.floodlock;

/** How a {@link DistributedTx} method relates to a transaction that is already open on its thread. */
public enum Propagation {
    /** Joins the open transaction. Begins one if none is open. */
    REQUIRED,
    /** Suspends the open transaction and begins a new one, which uses other connections. */
    REQUIRES_NEW,
    /** Suspends the open transaction and runs without one. */
    NOT_SUPPORTED,
    /** Joins the open transaction. Runs without one if none is open. */
    SUPPORTS,
    /** Joins the open transaction. Throws {@link IllegalTransactionException} if none is open. */
    MANDATORY,
    /** Throws {@link IllegalTransactionException} if a transaction is open. */
    NEVER
}
