package io.floodlock.runtime.call;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import java.util.List;

/** The locks of one call, and what it takes to hold them for longer. */
record Held(CallLocks locks, List<LockRequest> requests, LockScope scope) {

    /** Takes them again inside themselves, which keeps them held after this scope has been closed. */
    void again(LockEngine.Listener listener) {
        locks.acquireAsync(requests, listener);
    }
}
