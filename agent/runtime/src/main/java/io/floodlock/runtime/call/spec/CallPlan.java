package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.tx.TxAttributes;

/**
 * A {@link CallSpec} understood: every attribute read and checked, every key parsed. Needs no class of the application, so
 * it is made while the method's class loads.
 *
 * @param locks without keys where the method has no lock annotation
 * @param transaction null where the method has none
 * @param queue null where the method is not queued
 */
public record CallPlan(CallSpec spec, LockPlan locks, TxAttributes transaction, QueuePlan queue) {

    /** Of a method that has been checked. */
    public static CallPlan of(CallSpec spec) {
        return of(spec, DeclaredTypes.UNKNOWN);
    }

    /** @throws IllegalArgumentException naming the method, and what to write instead */
    public static CallPlan of(CallSpec spec, DeclaredTypes types) {
        try {
            CallPlan plan = new CallPlan(spec, LockPlan.of(spec.rules()), TransactionRule.of(spec), QueuePlan.of(spec));
            plan.checkKeys(types);
            plan.checkPayload(types);
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

    private void checkKeys(DeclaredTypes types) {
        for (LockPlan.Wanted wanted : locks.keys()) {
            check(wanted.key(), wanted.rule(), types);
        }
        if (queue != null && queue.key() != null) {
            Rule rule = spec.first(Kind.QUEUED);
            check(queue.key(), rule, types);
            if (queue.key().isEach()) {
                throw new IllegalArgumentException(
                        rule.title() + " key \"" + queue.key()
                                + "\" has [*], but a stored call stands in one line: give it one key, and take a lock for each element");
            }
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
