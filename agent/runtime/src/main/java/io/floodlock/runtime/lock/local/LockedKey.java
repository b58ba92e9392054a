package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The lock of one key, as its {@link Holding}s and {@link LocalGrant}s use it; {@link LocalLock} implements it.
 * Thread-safe.
 */
abstract class LockedKey {

    final String name;

    /** Shared by all keys. */
    final Repairs repairs;

    /**
     * A holding may have left, or an answer may have failed to arrive, without an event. A field and not a method,
     * for the reason given at {@link Repairs#due}.
     */
    volatile boolean eventMissed;

    LockedKey(String name, Repairs repairs) {
        this.name = name;
        this.repairs = repairs;
    }

    /** The holding is no longer inside; changes nothing if it wasn't. */
    abstract void leave(Holding entry);

    /** The fencing token of a holding; see {@link TokenDispenser#token}. */
    abstract long token(Holding entry, Duration patience);

    /** A database knows the greater token {@code known}; see {@link TokenDispenser#outgrown}. */
    abstract void outgrown(Holding entry, long known);

    /** Makes the store's next tokens greater than {@code token}. */
    abstract CompletableFuture<Void> raise(long token);

    /**
     * From now on nobody enters under the grant, and the store keeps the key taken for {@code span}. {@code then}
     * receives whether the store knew the grant.
     */
    abstract void keepTaken(LocalGrant hold, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then);
}
