package io.floodlock.runtime.call;

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
record CallPlan(CallSpec spec, LockPlan locks, TxAttributes transaction, QueuePlan queue) {

    /** @throws IllegalArgumentException naming the method, and what to write instead */
    static CallPlan of(CallSpec spec) {
        try {
            CallPlan plan = new CallPlan(spec, LockPlan.of(spec.rules()), TransactionRule.of(spec), QueuePlan.of(spec));
            plan.checkKeys();
            Skipping.check(spec, plan.locks);
            return plan;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(spec.displayName() + ": " + e.getMessage(), e);
        }
    }

    private void checkKeys() {
        for (LockPlan.Wanted wanted : locks.keys()) {
            check(wanted.key(), wanted.rule());
        }
        if (queue != null && queue.key() != null) {
            check(queue.key(), spec.first(Kind.QUEUED));
        }
    }

    private void check(KeyTemplate key, Rule rule) {
        try {
            key.check(spec.parameterNames(), spec.parameterCount(), spec.isStatic());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule.title() + " " + e.getMessage(), e);
        }
    }
}
