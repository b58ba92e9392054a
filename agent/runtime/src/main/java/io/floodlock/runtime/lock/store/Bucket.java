package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The part of a {@link LockStore} that has some of the names, together with this JVM's session there.
 * {@code lock.local} and {@code lock.engine} call it.
 *
 * <p>No method but {@link #await} blocks. A callback may run on any thread, or on the caller's before the call
 * returns. It is called once, with an answer or a failure. Thread-safe.
 */
public interface Bucket {

    /** Its index in {@link Buckets#all}. */
    int index();

    /** One more key of this bucket is held or requested by this JVM; the caller must call {@link #unused} later. */
    void used();

    /** Reverses one call of {@link #used}. */
    void unused();

    /**
     * Requests a key, under the current session, or a new one if there is none. The same request may be sent any
     * number of times.
     */
    void acquire(GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then);

    /**
     * Looks up whether a request may go on waiting. The callback receives its present place, or null if the request
     * must be sent again.
     */
    void look(QueuePlace place, BiConsumer<QueuePlace, FloodlockFailure> then);

    /**
     * Gives a grant back, or withdraws its request, at the next {@link #flushReleases}, which the caller must call.
     * The release is repeated until the store has acknowledged it or the session has ended.
     *
     * @param session null for a request that was never sent
     * @param acknowledged completed when the store has answered, or can't; null if nothing is to be completed
     */
    void releaseLater(Session session, long grant, String name, CompletableFuture<Void> acknowledged);

    /**
     * Sends the due releases.
     *
     * @param atOnce another JVM is known to wait for one of them
     */
    void flushReleases(boolean atOnce);

    /**
     * Gives back a grant that the store has reported and this JVM doesn't know, unless its release is already on its
     * way.
     */
    void releaseUnknown(String session, long grant, String name);

    /**
     * Gives back a grant of a session that has ended at the shutdown of this JVM, so that this key is free before all
     * the others are.
     */
    void releaseEnded(String session, long grant, String name);

    /**
     * Answers BUSY to another JVM's request that doesn't wait, for a key that is in use here.
     *
     * @param by the grant under which it is in use, by which the store refuses the next requests of that kind at
     *     once; null if only this one is to be answered
     */
    void announceBusy(RemoteTry asker, String name, HeldGrant by);

    /**
     * Reserves {@code count} more tokens for a grant, greater than all before. The callback receives the first of
     * them, or LOCK_LOST if the store doesn't know the grant: its session has ended then.
     */
    void reserveTokens(HeldGrant grant, int count, BiConsumer<Long, FloodlockFailure> then);

    /**
     * Keeps a granted key taken for {@code span} from now, even if the grant or this JVM ends before. The callback
     * receives whether the store knew the grant.
     */
    void keepTaken(HeldGrant grant, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then);

    /** Makes the bucket's next tokens greater than {@code token}. */
    CompletableFuture<Void> raise(long token);

    /**
     * Gives back, in one call, all grants of this JVM in this bucket with grant ids up to {@code upTo}, except
     * {@code kept}.
     *
     * @param names the keys that are given back
     */
    void shed(long upTo, List<Long> kept, List<String> names);

    /** Renews the session now, since a waiter depends on the result. */
    void renewNow();

    /** Waits for an answer of the store, {@code patience} at most; fails if there is none or it is a failure. */
    void await(CompletableFuture<?> answer, Duration patience);

    /** Ends a session and everything held under it. {@link GrantEvents#sessionEnded} follows, on another thread. */
    void lose(Session session, String why);

    /** As {@link #lose}, since the session's lease has ended. */
    void leaseEnded(Session session);

    /**
     * Ends the session in this JVM and in the store, at the shutdown of this JVM. Empty if there is none. The caller
     * must call {@link #clear} then.
     */
    Optional<EndedSession> end();

    /**
     * Clears what the ended session held; completes when nothing of it is left.
     *
     * @param names the keys that it held
     */
    CompletableFuture<?> clear(EndedSession ended, List<String> names);
}
