package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.local.Holding;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A key that is held for the JVM as a whole, not for one call: the result of {@code LeaseLockEngine.tryOwn}, which
 * queues use to own a lane. It is held until {@link #release()}, or until the lease ends. Thread-safe.
 */
final class HeldOwnership implements Ownership {

    private final Holding entry;
    private final long epoch;
    private final AtomicBoolean released = new AtomicBoolean();

    HeldOwnership(Holding entry, long epoch) {
        this.entry = entry;
        this.epoch = epoch;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean held() {
        return !released.get() && entry.held();
    }

    @Override
    public void outgrown(long known) {
        entry.raise(known);
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            entry.leave();
        }
    }
}
