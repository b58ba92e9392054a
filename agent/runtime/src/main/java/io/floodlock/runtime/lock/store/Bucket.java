package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The part of a store that has some of the names, and this JVM's session there. Nothing blocks, and a callback may run
 * on any thread, or on the caller's before the call returns; it is called once, with an answer or a failure.
 * Thread-safe.
 */
public interface Bucket {

    /** Its place in {@link Buckets#all}. */
    int index();

    /** One more key of it is held or asked for here; {@link #unused} is owed. */
    void used();

    void unused();

    /**
     * Asks for a key, under a session that is opened first where there is none. The same request may be sent any number
     * of times.
     */
    void acquire(GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then);

    /**
     * Looks whether a request may go on waiting. It gets the place as it is now, or null where the request is to be
     * sent again.
     */
    void look(QueuePlace place, BiConsumer<QueuePlace, FloodlockFailure> then);

    /**
     * Gives a grant back, or withdraws its request, once {@link #flushReleases} is called, which is owed. It is
     * repeated until the store has acknowledged it or the session has ended.
     *
     * @param session null for a request that was never sent
     * @param acknowledged completed when the store has answered, or can't; null for nothing
     */
    void releaseLater(Session session, long grant, String name, CompletableFuture<Void> acknowledged);

    /** @param atOnce another JVM is known to wait for one of them */
    void flushReleases(boolean atOnce);

    /** Gives back a grant that the store has reported and nobody here knows, unless it is on its way back already. */
    void releaseUnknown(String session, long grant, String name);

    /**
     * Gives back a grant of a session that has ended as this JVM shuts down: the key is free sooner than all of them
     * are.
     */
    void releaseEnded(String session, long grant, String name);

    /**
     * Answers a request of another JVM, which doesn't wait, for what is in use here.
     *
     * @param by what it is in use by, for the store to refuse the next requests of that kind at once; null if only this
     *     one is to be answered
     */
    void tellBusy(RemoteTry asker, String name, HeldGrant by);

    /**
     * Reserves more tokens for a grant, greater than all before. It gets the first of them; or LOCK_LOST where the
     * store doesn't know the grant, whose session has ended then.
     */
    void reserveTokens(HeldGrant grant, int count, BiConsumer<Long, FloodlockFailure> then);

    /**
     * Keeps a granted key taken for {@code span} from now, whatever becomes of the grant and of this JVM. It gets
     * whether the store knew the grant.
     */
    void keepTaken(HeldGrant grant, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then);

    /** Lets the next tokens of the bucket be greater than {@code token}. */
    CompletableFuture<Void> raise(long token);

    /**
     * Gives back, in one call, all that this JVM has here under grant ids up to {@code upTo}, but for what it still
     * has.
     *
     * @param names of what is given back
     */
    void shed(long upTo, List<Long> kept, List<String> names);

    /** Renews the session now, as somebody waits for the outcome. */
    void hurryRenewal();

    /** Waits for an answer of the store, or fails. */
    void await(CompletableFuture<?> answer, Duration patience);

    /** Ends a session with all it holds. {@link GrantEvents#sessionEnded} follows, on another thread. */
    void lose(Session session, String why);

    /** The same, as its lease has passed. */
    void leaseEnded(Session session);

    /**
     * Ends the session here and in the store, as this JVM shuts down. Empty if there is none. {@link #clear} is owed.
     */
    Optional<EndedSession> end();

    /**
     * Clears what the ended session held; completes when nothing is left of that.
     *
     * @param names what it held
     */
    CompletableFuture<?> clear(EndedSession ended, List<String> names);
}
