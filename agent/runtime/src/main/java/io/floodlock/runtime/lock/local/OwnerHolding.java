package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Caller;

/**
 * The {@link Holding} of an owner (see {@link Ownership}), whose listener is informed of revocation requests and of
 * the loss.
 */
final class OwnerHolding extends Holding {

    private final Ownership.Listener listener;

    OwnerHolding(LocalGrant hold, LockMode mode, Caller who, long sinceMillis, Ownership.Listener listener) {
        super(hold, mode, who, sinceMillis);
        this.listener = listener;
    }

    @Override
    Ownership.Listener listener() {
        return listener;
    }
}
