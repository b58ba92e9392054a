package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.lock.BoundaryKeys;
import io.floodlock.runtime.call.lock.CallLocks;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.tx.TxScope;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.List;

/**
 * What surrounds one woven body: all locks, then the transaction; afterwards the transaction, then the locks.
 *
 * <pre>
 *   enter   locks fail                 nothing is held, the body does not run; where the rules say so, it is skipped
 *           transaction fails          locks are given back, the body does not run
 *   exit    body returned              commit, then verify that the locks were held throughout, then give them back
 *           body threw                 roll back or commit by the rules, give back; what fails here is added as suppressed
 *           commit fails               give back, then the failure reaches the caller
 * </pre>
 *
 * Locks are given back after the transaction has ended in every branch: the next holder must see its result. They are given
 * back however the transaction ends. Thread-safe.
 */
public final class WovenCall {

    private final CallPlan plan;
    private final CallLocks locks;
    private final Engines engines;
    private final CallerExceptions exceptions;

    public WovenCall(CallPlan plan, MethodHandles.Lookup caller, Method method, Engines engines) {
        this.plan = plan;
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller.lookupClass());
        this.locks = new CallLocks(plan, caller, method, engines);
    }

    /** The permit that {@link ScopeExit} takes back, null for none; an array with the result of a call that is skipped. */
    public Object enter(Object self, Object[] arguments) {
        try {
            LockScope held = null;
            if (!locks.isEmpty()) {
                held = locks.acquire(requests(self, arguments));
                if (held == null) {
                    return locks.skipped();
                }
            }
            if (plan.transaction() == null) {
                return held;
            }
            try {
                return permit(held, engines.transactions().enter(plan.transaction()));
            } catch (Throwable e) {
                if (held != null) {
                    held.release();
                }
                throw e;
            }
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    private static CallScope permit(LockScope held, TxScope entered) {
        try {
            return new CallScope(held, entered);
        } catch (OutOfMemoryError e) {
            entered.exit(e);
            throw e;
        }
    }

    /** Those of the boundary around this call if there is one: a key built twice may come out twice. */
    private List<LockRequest> requests(Object self, Object[] arguments) {
        List<LockRequest> built = BoundaryKeys.take(plan.spec(), self, arguments);
        return built != null ? built : locks.requests(self, arguments);
    }

    @Override
    public String toString() {
        return plan.spec().displayName() + locks;
    }
}
