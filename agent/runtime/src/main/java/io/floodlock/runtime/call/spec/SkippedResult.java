package io.floodlock.runtime.call.spec;

import java.util.Optional;

/**
 * What a call answers that is passed over because a key isn't free. Its caller must be able to tell that from what the
 * body would answer, or must not care, so only two types of result have it: {@code void} and {@code Optional}.
 */
public final class SkippedResult {

    private SkippedResult() {}

    /** @throws IllegalArgumentException if the method may not be passed over, though its rules say so */
    static void check(CallSpec spec, LockPlan locks) {
        if (!locks.skips()) {
            return;
        }
        String title = locks.keys().get(0).rule().title() + " onBusy is \"SKIP\"; ";
        if (spec.first(Kind.QUEUED) != null) {
            throw new IllegalArgumentException(
                    title + "a queued call was accepted and must run, so it can't be skipped:"
                            + " leave onBusy out, and it waits or is attempted again");
        }
        if (!isVoid(spec) && !isOptional(spec)) {
            throw new IllegalArgumentException(title + "what returns " + spec.returned()
                    + " has no result for a call that is skipped. Let it return void or java.util.Optional, or leave"
                    + " onBusy out and catch LockTimeoutException");
        }
    }

    /** As woven code takes it: in an array. */
    public static Object[] result(CallSpec spec) {
        return new Object[] {isOptional(spec) ? Optional.empty() : null};
    }

    private static boolean isVoid(CallSpec spec) {
        return spec.returned().equals("V");
    }

    private static boolean isOptional(CallSpec spec) {
        return spec.returned().equals("Ljava/util/Optional;");
    }
}
