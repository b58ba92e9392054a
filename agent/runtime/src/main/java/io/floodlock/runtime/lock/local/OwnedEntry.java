package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.Mode;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.store.Who;

/** That of an owner, who hears what becomes of it. */
final class OwnedEntry extends Entry {

    private final Ownership.Listener listener;

    OwnedEntry(Hold hold, Mode mode, Who who, long sinceMillis, Ownership.Listener listener) {
        super(hold, mode, who, sinceMillis);
        this.listener = listener;
    }

    @Override
    Ownership.Listener listener() {
        return listener;
    }
}
