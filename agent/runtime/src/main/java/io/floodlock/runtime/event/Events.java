package io.floodlock.runtime.event;

import java.util.List;

/**
 * Receives the events of the runtime: lost locks, lock order inversions, vetoed commits, refused claims, branches in
 * doubt and dead letters. Implementations pass them to logs, metrics or traces; each method does nothing by default.
 * Called on the thread on which the event happened, so an implementation must not block or throw.
 */
public interface Events {

    /** Ignores all events. */
    Events NONE = new Events() {};

    /** This JVM lost locks that it held: the lease ended, or Redis no longer had them. */
    default void lockLost(String name, String why) {}

    /**
     * Locks were acquired inside each other in contradicting orders. Such calls may wait for each other until their
     * wait time has passed. Called once for each set of key forms, and once more when the inversion is proven.
     *
     * @param proven whether the same two keys were acquired in both orders; if false, only keys of the same forms
     *     were
     */
    default void lockOrderInverted(List<LockNesting> orders, boolean proven) {}

    /** A commit inside a lost lock scope was refused and rolled back. */
    default void commitVetoed(String site) {}

    /** A database refused a fenced scope, because the database has a claim of a later holder of the key. */
    default void claimRefused(String name, String site) {}

    /** A transaction is decided, but one branch has not received the decision; recovery will finish it. */
    default void branchInDoubt(String gid, String branch) {}

    /** A stored call was moved to the dead letters. */
    default void callDead(String queue, String name, String cause) {}
}
