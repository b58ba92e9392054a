package io.floodlock.runtime.call.support;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.ExpectedCalls;

/** Calls of woven methods that the agent makes so that the body runs, and nothing that is woven before it happens again. */
public final class BodyEntry {

    private static final ExpectedCalls<Boolean> CALLS = new ExpectedCalls<>();

    private BodyEntry() {}

    public static ExpectedCalls.Expected<Boolean> expect(CallSpec method) {
        return CALLS.expect(method, null, null, Boolean.TRUE);
    }

    /** Whether the call that begins is the agent's. */
    public static boolean isExpected(CallSpec method) {
        return CALLS.isExpected(method);
    }

    /** Whether the call that begins is the agent's; once. */
    public static boolean take(CallSpec method) {
        return CALLS.take(method, null, null) != null;
    }
}
