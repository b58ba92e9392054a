package io.floodlock.runtime.lock.store;

import java.util.List;

/**
 * The events that a {@link LockStore} reports to the JVM's table of locks, and its questions to the table;
 * {@code lock.local} implements it. Events may be late, repeated or missing. Each names the session and the grant
 * that it is about; an event about any other session or grant is ignored or answered with a release. No method
 * blocks. Thread-safe.
 */
public interface GrantEvents {

    /** A queued request has been granted. If this JVM does not know the grant, the bucket releases it. */
    void granted(Bucket bucket, String session, long grant, String name, GrantReply.Granted reply);

    /**
     * Another JVM wants a key that is granted to this one. A grant that this JVM doesn't know is released.
     *
     * @param asker the try to be answered by {@link Bucket#announceBusy} if the key is in use; null if the request
     *     waits anyway
     */
    void revocationRequested(Bucket bucket, String session, long grant, String name, RemoteTry asker);

    /** BUSY: a holder uses the key for which this request is queued, and the request doesn't wait. */
    void busy(String session, long grant, String name);

    /** A session has ended, and with it all its grants and requests. */
    void sessionEnded(Session session, String why);

    /** The bucket's session is no longer in doubt, or answers may have been missed: checks every key of the bucket. */
    void recheck(Bucket bucket);

    /** As {@link #recheck} for all buckets, later and on another thread: events may have been missed. */
    void recheckAll();

    /**
     * Repairs what Errors have left undone. To be called at least every second, by a thread that no code of the
     * application can stop.
     */
    void mend();

    /** The grants that this JVM has under the session. */
    List<? extends HeldGrant> holdsOf(Session session);

    /** Whether this JVM still has the grant. */
    boolean stillHolds(HeldGrant grant);

    /** Whether this JVM shuts down and acquires no more keys. */
    boolean closing();
}
