package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.thread.ExpectedCalls;
import java.util.List;

/**
 * The keys that a {@code Boundary} has built, for the call that it runs: the same call does not build them again, as a getter
 * may answer otherwise the second time. A call with other arguments, because an interceptor between has replaced them, or on
 * another instance, is not the same.
 */
public final class BoundaryKeys {

    private static final ExpectedCalls<List<LockRequest>> CALLS = new ExpectedCalls<>();

    private BoundaryKeys() {}

    /** @param self null where the keys are the same on every instance */
    public static ExpectedCalls.Expected<List<LockRequest>> expect(
            CallSpec spec, Object self, Object[] arguments, List<LockRequest> requests) {
        return CALLS.expect(spec, self, arguments.clone(), requests);
    }

    /** The keys of the call that begins, if a boundary has built them; once. */
    public static List<LockRequest> take(CallSpec spec, Object self, Object[] arguments) {
        return CALLS.take(spec, self, arguments);
    }
}
