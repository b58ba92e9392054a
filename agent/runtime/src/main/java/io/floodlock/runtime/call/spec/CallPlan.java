package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxPropagation;

/**
 * The checked form of a {@link CallSpec}: every attribute is read and checked, and every key is parsed. It needs no
 * class of the application, so it is created while the method's class loads, and again when a call site is linked.
 * Immutable.
 *
 * <p>The three parts are {@link LockPlan}, {@code TxAttributes} and {@link QueuePlan}.
 *
 * @param locks has no keys if the method has no lock rule
 * @param transaction null if the method has no transaction rule
 * @param queue null if the method is not queued
 */
public record CallPlan(CallSpec spec, LockPlan locks, TxAttributes transaction, QueuePlan queue) {

    /** The plan of a method whose declared types have been checked before. */
    public static CallPlan of(CallSpec spec) {
        return of(spec, DeclaredTypes.UNKNOWN);
    }

    /**
     * Checks all rules of a method, and their keys and payload against the method's declared types.
     *
     * @throws IllegalArgumentException naming the method, the problem and the remedy
     */
    public static CallPlan of(CallSpec spec, DeclaredTypes types) {
        try {
            CallPlan plan = new CallPlan(spec, LockPlan.of(spec.rules()), TransactionRule.of(spec), QueuePlan.of(spec));
            plan.checkKeys(types);
            plan.checkPayload(types);
            plan.checkPropagation();
            plan.checkBatch();
            SkippedResult.check(spec, plan.locks);
            return plan;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(spec.displayName() + ": " + e.getMessage(), e);
        }
    }

    private void checkPayload(DeclaredTypes types) {
        for (int i = 0; queue != null && i < spec.parameterCount(); i++) {
            String refusal = types.payload(i);
            if (refusal != null) {
                throw new IllegalArgumentException(
                        spec.first(Kind.QUEUED).title() + " can't store its calls: " + refusal);
            }
        }
    }

    private void checkPropagation() {
        if (queue != null
                && transaction != null
                && transaction.propagation() != TxPropagation.REQUIRED
                && transaction.propagation() != TxPropagation.REQUIRES_NEW) {
            throw new IllegalArgumentException(spec.first(Kind.DISTRIBUTED_TX).title() + " has propagation "
                    + transaction.propagation()
                    + ", but a stored call runs in a transaction of its own: leave propagation out, or use REQUIRED or"
                    + " REQUIRES_NEW");
        }
    }

    private void checkBatch() {
        if (queue != null && queue.batch() != null && !locks.keys().isEmpty()) {
            throw new IllegalArgumentException(locks.keys().get(0).rule().title()
                    + " stands on a method whose stored calls run in a batch method, which would not take its lock; put"
                    + " the lock on the batch method");
        }
    }

    private void checkKeys(DeclaredTypes types) {
        for (LockPlan.PlannedKey planned : locks.keys()) {
            check(planned.key(), planned.rule(), types);
        }
        if (queue != null) {
            checkSingle(queue.key(), types);
            checkSingle(queue.dedup(), types);
        }
    }

    private void checkSingle(KeyTemplate key, DeclaredTypes types) {
        if (key == null) {
            return;
        }
        Rule rule = spec.first(Kind.QUEUED);
        check(key, rule, types);
        if (key.isEach()) {
            throw new IllegalArgumentException(rule.title() + " key \"" + key
                    + "\" has [*], but a stored call is ordered, and told from others, by a single key: give it one"
                    + " key, and take a lock for each element");
        }
    }

    private void check(KeyTemplate key, Rule rule, DeclaredTypes types) {
        try {
            key.check(spec.parameterNames(), spec.parameterCount(), spec.isStatic(), types);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule.title() + " " + e.getMessage(), e);
        }
    }
}
