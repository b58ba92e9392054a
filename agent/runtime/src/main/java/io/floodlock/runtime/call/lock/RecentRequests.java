package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import java.util.List;

/**
 * What calls that want one key have wanted of late, as a call often wants the key of a call before it: to find a request costs
 * less than to make one. Thread-safe.
 *
 * <p>Each slot is an immutable pair, put in and read without any order: who sees an old one makes its request again.
 */
final class RecentRequests {

    private static final int SLOTS = 16;

    private final Known[] slots = new Known[SLOTS];
    private final LockMode mode;
    private final String form;

    private record Known(String name, List<LockRequest> requests) {}

    /** @param form of all the keys */
    RecentRequests(LockMode mode, String form) {
        this.mode = mode;
        this.form = form;
    }

    List<LockRequest> of(String name) {
        int hash = name.hashCode();
        int slot = (hash ^ hash >>> 16 ^ hash >>> 8 ^ hash >>> 4) & SLOTS - 1;
        Known known = slots[slot];
        if (known == null || !known.name.equals(name)) {
            known = new Known(name, List.of(new LockRequest(name, mode, form)));
            slots[slot] = known;
        }
        return known.requests;
    }
}
