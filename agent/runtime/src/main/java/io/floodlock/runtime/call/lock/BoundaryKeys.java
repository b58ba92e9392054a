package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.thread.ExpectedCalls;
import java.util.List;

/**
 * Passes the keys that a {@code Boundary} has built to the woven method that the boundary runs. The method does not
 * build them again, because a getter may return another value the second time. A call on another instance does not
 * receive the keys, nor does a call with other arguments, which an interceptor in between may have replaced.
 * Thread-safe.
 */
public final class BoundaryKeys {

    private static final ExpectedCalls<List<LockRequest>> CALLS = new ExpectedCalls<>();

    private BoundaryKeys() {}

    /**
     * Offers the keys to the next such call on this thread. The caller must end the result.
     *
     * @param self null if the keys are the same on every instance
     */
    public static ExpectedCalls.Expected<List<LockRequest>> expect(
            CallSpec spec, Object self, Object[] arguments, List<LockRequest> requests) {
        return CALLS.expect(spec, self, arguments.clone(), requests);
    }

    /** The keys of the call that begins, if a boundary has built them, else null. Each offer is taken once. */
    public static List<LockRequest> take(CallSpec spec, Object self, Object[] arguments) {
        return CALLS.take(spec, self, arguments);
    }
}
