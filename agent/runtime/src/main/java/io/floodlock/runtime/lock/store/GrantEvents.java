package io.floodlock.runtime.lock.store;

import java.util.List;

/**
 * What a store reports to the JVM's table of locks, and asks it. Events may be late, repeated or missing: each names
 * the session and the grant that it is about, and one about anything else is ignored or answered with a release.
 * Thread-safe; nothing blocks.
 */
public interface GrantEvents {

    /** A queued request has been granted. If this JVM does not know the grant, the bucket releases it. */
    void granted(Bucket bucket, String session, long grant, String name, GrantReply.Granted reply);

    /**
     * Another JVM wants what is granted to this one. A grant that this JVM does not know is released.
     *
     * @param asker to be answered by {@link Bucket#tellBusy} if the key is in use; null if it waits anyway
     */
    void revocationRequested(Bucket bucket, String session, long grant, String name, RemoteTry asker);

    /** A holder uses the key that this request, which doesn't wait, is queued for. */
    void busy(String session, long grant, String name);

    /** A session has ended, and every grant and request of it. */
    void sessionEnded(Session session, String why);

    /** Doubts about the bucket's session are cleared, or answers may have been missed: every key of it is looked at. */
    void recheck(Bucket bucket);

    /** The same for all buckets, later and on another thread: events may have been missed. */
    void recheckAll();

    /**
     * To be called at least every second, by a thread that nothing of the application can stop: mends what Errors have
     * left.
     */
    void mend();

    List<? extends HeldGrant> holdsOf(Session session);

    boolean stillHolds(HeldGrant grant);

    /** Nothing new is taken: this JVM shuts down. */
    boolean closing();
}
