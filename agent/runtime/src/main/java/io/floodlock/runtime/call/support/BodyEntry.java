package io.floodlock.runtime.call.support;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.ExpectedCalls;

/**
 * Marks the calls of woven methods that the agent itself makes to run the body. The woven code recognizes such a call
 * at its entry, and does not repeat the steps that the agent has taken before it. Built on {@link ExpectedCalls}.
 * Thread-safe.
 */
public final class BodyEntry {

    private static final ExpectedCalls<Boolean> CALLS = new ExpectedCalls<>();

    private BodyEntry() {}

    /** Marks the next call of the method on this thread. The caller must end the result. */
    public static ExpectedCalls.Expected<Boolean> expect(CallSpec method) {
        return CALLS.expect(method, null, null, Boolean.TRUE);
    }

    /** Whether the call that begins is the agent's. The mark stays. */
    public static boolean isExpected(CallSpec method) {
        return CALLS.isExpected(method);
    }

    /** Whether the call that begins is the agent's. The mark is removed, so this is true once per mark. */
    public static boolean take(CallSpec method) {
        return CALLS.take(method, null, null) != null;
    }
}
