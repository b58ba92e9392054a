package io.floodlock.runtime.call;

import io.floodlock.runtime.lock.LockRequest;
import java.util.List;

/**
 * The keys that a {@link Boundary} has built, for the call that it runs: the same call does not build them again, as a getter
 * may answer otherwise the second time. A call with other arguments, because somebody between has replaced them, or on
 * another instance, is not the same. Everything here is the calling thread's own.
 */
final class BoundaryKeys {

    private static final ThreadLocal<BoundaryKeys> EXPECTED = new ThreadLocal<>();

    /** Set by a thread before it expects anything, so that it sees its own; spares all others a look at the thread. */
    private static boolean used;

    private final CallSpec spec;
    private final Object self;
    private final Object[] arguments;
    private final List<LockRequest> requests;
    private final BoundaryKeys around;

    private BoundaryKeys(
            CallSpec spec, Object self, Object[] arguments, List<LockRequest> requests, BoundaryKeys around) {
        this.spec = spec;
        this.self = self;
        this.arguments = arguments;
        this.requests = requests;
        this.around = around;
    }

    /**
     * The next such call on this thread uses these.
     *
     * @param self null where the keys are the same on every instance
     */
    static BoundaryKeys expect(CallSpec spec, Object self, Object[] arguments, List<LockRequest> requests) {
        used = true;
        BoundaryKeys keys = new BoundaryKeys(spec, self, arguments.clone(), requests, EXPECTED.get());
        EXPECTED.set(keys);
        return keys;
    }

    /** What was expected has come, or never will. */
    void end() {
        if (around == null) {
            EXPECTED.remove();
        } else {
            EXPECTED.set(around);
        }
    }

    /** The keys of the call that begins, if a boundary has built them; once. */
    static List<LockRequest> take(CallSpec spec, Object self, Object[] arguments) {
        if (!used) {
            return null;
        }
        BoundaryKeys expected = EXPECTED.get();
        if (expected == null || !expected.areOf(spec, self, arguments)) {
            return null;
        }
        expected.end();
        return expected.requests;
    }

    private boolean areOf(CallSpec called, Object instance, Object[] given) {
        if (self != null && self != instance || arguments.length != given.length || !spec.equals(called)) {
            return false;
        }
        for (int i = 0; i < given.length; i++) {
            if (arguments[i] != given[i] && !(isBox(given[i]) && given[i].equals(arguments[i]))) {
                return false;
            }
        }
        return true;
    }

    /** A primitive is boxed anew by each who passes it on. */
    private static boolean isBox(Object value) {
        return value instanceof Number || value instanceof Boolean || value instanceof Character;
    }
}
