package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import java.util.List;

/**
 * The lock requests that recent calls of a method with one key have made. A call often needs the key of an earlier
 * call, and finding a request costs less than creating one. {@link CallLocks} uses it. Thread-safe.
 *
 * <p>Each slot is an immutable pair, written and read without any memory ordering. A thread that reads an outdated slot
 * only creates its request again.
 */
final class RecentRequests {

    private static final int SLOTS = 16;

    private final Known[] slots = new Known[SLOTS];
    private final LockMode mode;
    private final String form;

    private record Known(String name, List<LockRequest> requests) {}

    /** @param form the form of all the keys */
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
