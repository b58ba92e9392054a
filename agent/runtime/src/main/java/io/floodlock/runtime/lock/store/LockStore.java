package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The port to the store that grants keys to JVMs; {@code lock.redis} implements it. It connects at the first use.
 * Thread-safe. Read {@link Bucket} and {@link GrantEvents} next.
 *
 * <p>Every store guarantees:
 *
 * <ul>
 *   <li>A key is granted to one JVM exclusively, or to several that share it. A grant stands and falls with its
 *       session. The store counts the session's lease for longer than the JVM relies on it ({@link Session}).
 *   <li>Grant ids are idempotent: a repeated request gets the same answer, and so does a repeated release. A session
 *       has one grant or request for a name. A later id replaces the earlier one and gives it back; a request with
 *       the earlier id is {@link GrantReply.Overtaken} from then on.
 *   <li>The tokens of a name grow strictly: from grant to grant, from reservation to reservation, past tokens that
 *       were reserved and not used, and after the store had forgotten the name.
 *   <li>Waiting requests are granted in the order of their arrival, except for members of one read phase. The holder
 *       for which they wait is notified ({@link GrantEvents#revocationRequested}), as long as messages get through.
 *   <li>A grant that this JVM does not know is given back at the first event that names it.
 *   <li>A session has ended, and never comes back, if the store no longer knows it or has lost a write that it
 *       acknowledged ({@link GrantReply.SessionLost}, {@link GrantEvents#sessionEnded}).
 * </ul>
 *
 * <p>Each store decides: how it renews leases and detects lost writes, whether it batches releases, whether it
 * refuses requests that don't wait by an earlier notice of the holder, how it reconciles grants after a failover, and
 * how it clears the state that ended sessions have left.
 */
public interface LockStore extends AutoCloseable {

    /** Makes the store of one lock engine. */
    interface Factory {
        LockStore open(Services services, GrantEvents events);
    }

    /** The map from names to buckets; null before the store has connected. */
    Buckets known();

    /**
     * As {@link #known}, but connects first; never blocks. A failed attempt fails all callers that wait for it; the
     * next call tries again.
     */
    CompletableFuture<Buckets> buckets();

    /** The buckets that this JVM may have sessions in; none before it has connected. */
    default List<? extends Bucket> connected() {
        Buckets buckets = known();
        return buckets == null ? List.of() : buckets.all();
    }

    /** Turns an error of the store or its connection into the failure that callers get. */
    FloodlockFailure explain(Throwable failure);

    /** Whether a retry can't succeed, since the configuration has to be changed. */
    boolean isPermanent(FloodlockFailure failure);

    /** The address of the store, for messages. */
    String address();

    /** Fails all callers that wait for a connection. To be called once {@link GrantEvents#closing} is true. */
    void stopConnecting();

    /** Stops renewing leases. To be called after the sessions have been ended. */
    @Override
    void close();
}
