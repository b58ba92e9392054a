package io.floodlock;

/** When a call of a {@link Queued} method returns. */
public enum Confirm {

    /** When Redis has the call. */
    ACCEPTED,

    /**
     * When Redis has the call, and {@link Queued#replicas()} of its replicas have acknowledged it, so that it survives
     * the loss of the master. If too few do within {@link Queued#waitTime()}, the call throws {@link
     * EnqueueUnknownException}: it is stored, and may survive or not. Methods that share a queue share its requests: as
     * long as replicas are missing, calls of the others wait too.
     */
    REPLICATED,

    /**
     * When the call is in the memory of this JVM, which sends it in the background. A JVM that ends sends what it has
     * first; one that is killed loses it. The memory holds 16,384 calls and 16 MiB for each queue; a call that finds it
     * full waits or is rejected as {@link Queued#whenFull()} says. Calls that Redis does not take within ten minutes
     * are lost: their futures fail, and the log counts them.
     */
    ASYNC
}
