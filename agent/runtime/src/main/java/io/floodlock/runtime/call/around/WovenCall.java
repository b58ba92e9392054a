package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.lock.BoundaryKeys;
import io.floodlock.runtime.call.lock.CallLocks;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxScope;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Surrounds one woven body: first all locks, then the transaction; at the end the transaction, then the locks. Woven
 * code of {@code Operation.ENTER} calls {@link #enter}; {@link ScopeExit} carries out the exit.
 *
 * <pre>
 *   enter   locks fail                 nothing is held, the body does not run; the call is skipped if the rules say so
 *           transaction fails          the locks are given back, the body does not run
 *   exit    body returned              commit, then verify that the locks were held throughout, then give them back
 *           body threw                 roll back or commit by the rules, give back; failures here become suppressed
 *           commit fails               give back, then the failure reaches the caller
 * </pre>
 *
 * The locks are given back after the transaction has ended in every branch, because the next holder must see its
 * result. They are given back however the transaction ends. For methods whose work continues after they have returned
 * see {@link AsyncCall}. Thread-safe.
 */
public final class WovenCall {

    /** What {@link #enter(Object, Object[], HomeWork)} returns for a call that has run before. */
    static final Object REPLAYED = new Object();

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

    /**
     * The permit that {@link ScopeExit} expects, or null for none; or an array with the result of a call that is
     * skipped.
     */
    public Object enter(Object self, Object[] arguments) {
        return enter(self, arguments, null);
    }

    /**
     * As {@link #enter(Object, Object[])}, with work of the agent's own in the transaction.
     *
     * @return {@link #REPLAYED} if that work lets no body run; then nothing is held
     */
    Object enter(Object self, Object[] arguments, HomeWork work) {
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
                TxEngine transactions = engines.transactions();
                TxScope entered = work == null
                        ? transactions.enter(plan.transaction())
                        : transactions.enter(plan.transaction(), work);
                if (entered != null) {
                    return permit(held, entered);
                }
            } catch (Throwable e) {
                if (held != null) {
                    held.release();
                }
                throw e;
            }
            if (held != null) {
                held.release();
            }
            return REPLAYED;
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

    /**
     * The keys of the boundary around this call, if there is one. A key that is built twice may have two different
     * values.
     */
    private List<LockRequest> requests(Object self, Object[] arguments) {
        List<LockRequest> built = BoundaryKeys.take(plan.spec(), self, arguments);
        return built != null ? built : locks.requests(self, arguments);
    }

    @Override
    public String toString() {
        return plan.spec().displayName() + locks;
    }
}
