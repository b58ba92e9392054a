package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Grants keys to JVMs. Connects at the first use. Thread-safe.
 *
 * <p>What every store keeps:
 *
 * <ul>
 *   <li>A key is granted to one JVM exclusively, or to several that share it. A grant stands and falls with its
 *       session, whose lease the store counts for longer than the JVM relies on it ({@link Session}).
 *   <li>Grant ids are idempotent: a request that is repeated is answered as before, and so is a release. A session has
 *       one grant or request for a name: the later id replaces the earlier, giving it back, and an earlier one is
 *       {@link GrantReply.Overtaken} from then on.
 *   <li>The tokens of a name grow strictly, from grant to grant and from reservation to reservation, also past what was
 *       reserved and not used, and also where the name had been forgotten in between.
 *   <li>Waiting requests are granted in the order of their arrival, but for members of one read phase. The holder they
 *       wait for is notified ({@link GrantEvents#revocationRequested}), as long as messages get through.
 *   <li>A grant that this JVM does not know is given back with the first event that names it.
 *   <li>A session has ended, and never comes back, if the store no longer knows it or has lost a write that it
 *       acknowledged ({@link GrantReply.SessionLost}, {@link GrantEvents#sessionEnded}).
 * </ul>
 *
 * <p>Left to the store: how it renews leases and detects lost writes, whether it batches releases, whether it refuses
 * requests that don't wait by an earlier notice of the holder, how it reconciles grants after a failover, and how it
 * clears what ended sessions have left.
 */
public interface LockStore extends AutoCloseable {

    /** Makes the store of one engine. */
    interface Factory {
        LockStore open(Services services, GrantEvents events);
    }

    /** How names are spread; null before the store has connected. */
    Buckets known();

    /**
     * The same, connecting first; never blocks. A failed attempt fails all that wait for it; the next call tries again.
     */
    CompletableFuture<Buckets> buckets();

    /** The buckets that this JVM may have sessions in; none before it has connected. */
    default List<? extends Bucket> connected() {
        Buckets buckets = known();
        return buckets == null ? List.of() : buckets.all();
    }

    FloodlockFailure explain(Throwable failure);

    /** Whether to try again would not help, as something has to be set up differently. */
    boolean isPermanent(FloodlockFailure failure);

    /** For messages. */
    String address();

    /** Fails all that wait for a connection; to be called once {@link GrantEvents#closing}. */
    void stopConnecting();

    /** Renews nothing any more; sessions have been ended. */
    @Override
    void close();
}
