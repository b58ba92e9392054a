package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.thread.SlotTable;
import java.util.List;

/**
 * The lock requests that recent calls of a method with one key have made. A call often needs the key of an earlier
 * call, and finding a request costs less than creating one. {@link CallLocks} uses it. Thread-safe.
 *
 * <p>A thread that reads an outdated slot only creates its request again.
 */
final class RecentRequests {

    private final SlotTable<Known> recent = new SlotTable<>(16);
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
        Known known = recent.at(hash);
        if (known == null || !known.name.equals(name)) {
            known = new Known(name, List.of(new LockRequest(name, mode, form)));
            recent.put(hash, known);
        }
        return known.requests;
    }
}
