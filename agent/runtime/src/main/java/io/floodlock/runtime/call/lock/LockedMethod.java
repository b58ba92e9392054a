package io.floodlock.runtime.call.lock;

import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.support.BodyEntry;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.queue.method.ConsumedCall;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.List;

/**
 * A method with locks, bound to its class, for code that is about to call it: {@code Boundary} builds and acquires its
 * keys before the call. {@link LockedMethods} finds it. Thread-safe.
 */
public final class LockedMethod {

    private final CallSpec spec;
    private final CallLocks locks;
    private final CallerExceptions exceptions;
    private final boolean needsInstance;
    private final Method method;

    LockedMethod(CallSpec spec, MethodHandles.Lookup lookup, Method method, Engines engines) {
        CallPlan plan = CallPlan.of(spec);
        this.spec = spec;
        this.method = method;
        this.locks = new CallLocks(plan, lookup, method, engines);
        this.exceptions = CallerExceptions.of(method.getDeclaringClass());
        this.needsInstance =
                plan.locks().keys().stream().anyMatch(planned -> planned.key().startsAtInstance());
    }

    public CallSpec spec() {
        return spec;
    }

    public CallLocks locks() {
        return locks;
    }

    public CallerExceptions exceptions() {
        return exceptions;
    }

    /** Whether a key is built from the instance on which the method runs. */
    public boolean needsInstance() {
        return needsInstance;
    }

    public ResultKind result() {
        return ResultKind.of(spec.descriptor());
    }

    /** Whether a call would be stored rather than run. */
    public boolean isStoredByCaller() {
        return spec.first(Kind.QUEUED) != null && !BodyEntry.isExpected(spec) && !ConsumedCall.isDue(method);
    }

    public List<LockRequest> requests(Object self, Object[] arguments) {
        return locks.requests(self, arguments);
    }
}
