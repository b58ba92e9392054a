package io.floodlock.runtime.event;

import java.util.List;

/** Hears what happened, for logs, metrics and traces. Called on the thread it happened on: must not block or throw. */
public interface Events {

    /** Hears nothing. */
    Events NONE = new Events() {};

    /** Holds of this JVM were lost: the lease ended, or Redis no longer knew them. */
    default void lockLost(String name, String why) {}

    /**
     * Keys were taken inside each other in orders that don't agree, so calls may wait for each other until their wait time has
     * passed. Told once for each set of forms of keys, and once more when proven.
     *
     * @param proven whether the same two keys were taken in both orders; else keys of the same forms
     */
    default void lockOrderInverted(List<LockNesting> orders, boolean proven) {}

    /** A commit inside a lost lock scope was refused and rolled back. */
    default void commitVetoed(String site) {}

    /** A database has refused a fenced scope: it knows a later holder of the key. */
    default void claimRefused(String name, String site) {}

    /** A transaction is decided, but a branch has not been told; recovery owns it now. */
    default void branchInDoubt(String gid, String branch) {}

    /** A stored call was moved to the dead letters. */
    default void callDead(String queue, String name, String cause) {}
}
