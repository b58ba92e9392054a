package io.floodlock.runtime.call.spec;

import java.util.Optional;

/**
 * The result of a call that is skipped because a key isn't free. The caller must be able to distinguish it from a
 * result of the body, or must not need to. So only two result types are allowed: {@code void} and {@code Optional}.
 */
public final class SkippedResult {

    private SkippedResult() {}

    /** @throws IllegalArgumentException if the rules say that calls may be skipped, but the method does not allow it */
    static void check(CallSpec spec, LockPlan locks) {
        if (!locks.skips()) {
            return;
        }
        String title = skipping(locks).title() + " onBusy is \"SKIP\"; ";
        if (spec.first(Kind.QUEUED) != null) {
            throw new IllegalArgumentException(
                    title + "a queued call was accepted and must run, so it can't be skipped:"
                            + " leave onBusy out, and it waits or is attempted again");
        }
        if (!isVoid(spec) && !isOptional(spec)) {
            throw new IllegalArgumentException(title + "a method that returns " + spec.returned()
                    + " has no result for a skipped call. Let it return void or java.util.Optional, or leave"
                    + " onBusy out and catch LockTimeoutException");
        }
    }

    /** The result in an array, as woven code expects it. */
    public static Object[] result(CallSpec spec) {
        return new Object[] {isOptional(spec) ? Optional.empty() : null};
    }

    private static Rule skipping(LockPlan locks) {
        return locks.keys().stream()
                .map(LockPlan.PlannedKey::rule)
                .filter(Rule::maySkip)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isVoid(CallSpec spec) {
        return spec.returned().equals("V");
    }

    private static boolean isOptional(CallSpec spec) {
        return spec.returned().equals("Ljava/util/Optional;");
    }
}
