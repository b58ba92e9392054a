package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.LockPlan;
import io.floodlock.runtime.call.spec.SkippedResult;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.key.Key;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of one method, with its keys bound to its parameters: builds the keys of a call and acquires them.
 * Thread-safe.
 */
public final class CallLocks {

    private static final Logger LOG = LoggerFactory.getLogger(CallLocks.class);

    private final Engines engines;
    private final LockTerms terms;
    private final Key[] keys;
    private final LockMode[] modes;

    /** The result of a call that is skipped because a key isn't free; null if such a call is refused. */
    private final Object[] skipped;

    /** Null unless the method has a single key that builds a single name. */
    private final RecentRequests recent;

    public CallLocks(CallPlan plan, MethodHandles.Lookup caller, Method method, Engines engines) {
        this.engines = engines;
        this.terms = plan.locks().terms(plan.spec().displayName());
        this.keys = plan.locks().keys().stream()
                .map(planned -> planned.key().bind(caller, method, plan.spec().parameterNames()))
                .toArray(Key[]::new);
        this.modes = plan.locks().keys().stream().map(LockPlan.PlannedKey::mode).toArray(LockMode[]::new);
        this.skipped = plan.locks().skips() ? SkippedResult.result(plan.spec()) : null;
        this.recent = keys.length == 1 && !keys[0].isEach() ? new RecentRequests(modes[0], keys[0].form()) : null;
    }

    public boolean isEmpty() {
        return keys.length == 0;
    }

    /** The innermost open scope of this thread, or null. */
    public LockScope current() {
        LockEngine started = engines.locksIfStarted();
        return started == null ? null : started.current();
    }

    /** Null if a key isn't free and the call must be skipped. */
    public LockScope acquire(List<LockRequest> requests) {
        try {
            return engines.locks().acquire(requests, terms);
        } catch (FloodlockFailure e) {
            if (skipped == null || e.kind() != Failure.LOCK_TIMEOUT) {
                throw e;
            }
            LOG.debug("Skipped: {}", e.getMessage());
            return null;
        }
    }

    /** The result of a skipped call, in an array, as woven code expects it. */
    public Object[] skipped() {
        return skipped.clone();
    }

    public LockEngine.Pending acquireAsync(Object self, Object[] arguments, LockEngine.Listener listener) {
        return engines.locks().acquireAsync(requests(self, arguments), terms, listener);
    }

    /** Builds the keys of a call. */
    public List<LockRequest> requests(Object self, Object[] arguments) {
        if (recent != null) {
            return recent.of(keys[0].of(self, arguments));
        }
        List<LockRequest> requests = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            Key key = keys[i];
            if (!key.isEach()) {
                requests.add(new LockRequest(key.of(self, arguments), modes[i], key.form()));
                continue;
            }
            for (String name : key.all(self, arguments)) {
                requests.add(new LockRequest(name, modes[i], key.form()));
            }
        }
        if (requests.isEmpty()) {
            throw Failure.INVALID_KEY.because("the keys " + this + " of " + terms.site()
                    + " gave no key, because there is no element: the body would run without a lock; call it with at"
                    + " least one element, or add a key that does not depend on the elements");
        }
        return requests;
    }

    @Override
    public String toString() {
        return Arrays.toString(keys);
    }
}
