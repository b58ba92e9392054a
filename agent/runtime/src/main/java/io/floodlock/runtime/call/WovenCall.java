package io.floodlock.runtime.call;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.key.Key;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Mode;
import io.floodlock.runtime.tx.TxScope;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What surrounds one woven body: all locks, then the transaction; afterwards the transaction, then the locks.
 *
 * <pre>
 *   enter   locks fail                 nothing is held, the body does not run
 *           transaction fails          locks are given back, the body does not run
 *   exit    body returned              commit, then verify that the locks were held throughout, then give them back
 *           body threw                 roll back or commit by the rules, give back; what fails here is added as suppressed
 *           commit fails               give back, then the failure reaches the caller
 * </pre>
 *
 * Locks are given back after the transaction has ended in every branch: the next holder must see its result. They are given
 * back however the transaction ends. Thread-safe.
 */
final class WovenCall {

    private final CallPlan plan;
    private final Key[] keys;
    private final Mode[] modes;
    private final LockTerms terms;
    private final Engines engines;
    private final CallerExceptions exceptions;

    WovenCall(CallPlan plan, MethodHandles.Lookup caller, Method method, Engines engines) {
        this.plan = plan;
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller.lookupClass());
        this.keys = plan.locks().keys().stream()
                .map(wanted -> wanted.key().bind(caller, method, plan.spec().parameterNames()))
                .toArray(Key[]::new);
        this.terms = new LockTerms(
                plan.locks().waitTime(), plan.locks().maxHold(), plan.spec().displayName());
        this.modes = plan.locks().keys().stream().map(LockPlan.Wanted::mode).toArray(Mode[]::new);
    }

    /** The permit that {@link #exit} takes back. */
    Object enter(Object self, Object[] arguments) {
        try {
            LockScope locks = keys.length == 0 ? null : engines.locks().acquire(requests(self, arguments), terms);
            if (plan.transaction() == null) {
                return new Permit(locks, null);
            }
            try {
                return new Permit(locks, engines.transactions().enter(plan.transaction()));
            } catch (Throwable e) {
                if (locks != null) {
                    locks.close();
                }
                throw e;
            }
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    void exit(Object permit, Throwable thrown) {
        Throwable failure = ((Permit) permit).end(thrown);
        if (failure == null) {
            return;
        }
        if (failure instanceof FloodlockFailure ours) {
            failure = exceptions.translate(ours);
        }
        if (thrown == null) {
            throw WovenCall.<RuntimeException>unchecked(failure);
        }
        if (thrown != failure) {
            thrown.addSuppressed(failure);
        }
    }

    private List<LockRequest> requests(Object self, Object[] arguments) {
        if (keys.length == 1) {
            return List.of(new LockRequest(keys[0].of(self, arguments), modes[0]));
        }
        List<LockRequest> requests = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            requests.add(new LockRequest(keys[i].of(self, arguments), modes[i]));
        }
        return requests;
    }

    private record Permit(LockScope locks, TxScope transaction) {

        /** What went wrong while leaving, or null. */
        Throwable end(Throwable thrown) {
            Throwable failure = null;
            if (transaction != null) {
                try {
                    transaction.exit(thrown);
                } catch (Throwable e) {
                    failure = e;
                }
            }
            if (locks != null) {
                try {
                    if (failure == null) {
                        locks.verify();
                    }
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    locks.close();
                }
            }
            return failure;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public String toString() {
        return plan.spec().displayName() + Arrays.toString(keys);
    }
}
