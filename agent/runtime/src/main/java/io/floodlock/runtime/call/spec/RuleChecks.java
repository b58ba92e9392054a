package io.floodlock.runtime.call.spec;

import java.util.List;

/**
 * Answers two questions of the weaver, which must not depend on the runtime's plans: whether a rule is valid before its
 * method is known, and by which name stored calls find a queued method.
 */
public final class RuleChecks {

    private RuleChecks() {}

    /**
     * Checks a rule before any method is known: the names of its attributes, and the form of their values.
     *
     * @throws IllegalArgumentException naming the origin, the attribute, its value and the values that are allowed
     */
    public static void check(Rule rule) {
        switch (rule.kind()) {
            case SHARED_LOCK, PESSIMISTIC_LOCK -> LockPlan.of(List.of(rule));
            case QUEUED -> QueuePlan.read(rule, "", "");
            case DISTRIBUTED_TX -> TransactionRule.read(rule, "");
        }
    }

    /** The queue of a queued method and the method's name in it. A stored call finds its method by both. */
    public static String wireName(CallSpec spec) {
        QueuePlan plan = QueuePlan.of(spec);
        return plan.queue() + '\n' + plan.name();
    }
}
