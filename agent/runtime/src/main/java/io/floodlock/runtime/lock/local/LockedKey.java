package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** The lock of one key, as its entries use it. Thread-safe. */
abstract class LockedKey {

    final String name;

    /** Of all keys. */
    final Repairs repairs;

    /**
     * An entry may have left, or an answer may have failed to arrive, without an event. A field, as {@link
     * Repairs#due}.
     */
    volatile boolean unheard;

    LockedKey(String name, Repairs repairs) {
        this.name = name;
        this.repairs = repairs;
    }

    /** The entry is inside no more, if it was. */
    abstract void leave(Holding entry);

    /** The fencing token of an entry; see {@link TokenDispenser#token}. */
    abstract long token(Holding entry, Duration patience);

    /** A database knows a greater token than the entry's. */
    abstract void outgrown(Holding entry, long known);

    /** Lets the store's next tokens be greater than {@code token}. */
    abstract CompletableFuture<Void> raise(long token);

    /** Nobody enters under the hold any more, and the store keeps the key taken for {@code span}. */
    abstract void keepTaken(LocalGrant hold, Duration span, String who, BiConsumer<Boolean, FloodlockFailure> then);
}
