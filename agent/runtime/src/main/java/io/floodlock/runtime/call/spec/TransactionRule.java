package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxPropagation;
import java.time.Duration;

/**
 * Reads and checks the attributes of {@code @DistributedTx}. The result is the part of a {@link CallPlan} for
 * transactions.
 */
final class TransactionRule {

    /** A decision may be written for one hour at most. A transaction must end well before that. */
    private static final Duration LONGEST = Duration.ofMinutes(50);

    private TransactionRule() {}

    /** Null if the method has no such rule. */
    static TxAttributes of(CallSpec spec) {
        Rule rule = spec.first(Kind.DISTRIBUTED_TX);
        return rule == null ? null : read(rule, spec.displayName());
    }

    /** @param site names the method in messages */
    static TxAttributes read(Rule rule, String site) {
        Attributes attributes = new Attributes(rule, "propagation", "timeout", "rollbackFor", "noRollbackFor");
        Duration timeout = attributes.duration("timeout", "30s");
        if (timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw attributes.wrong("timeout", attributes.text("timeout", "30s"), "more than 0 and at most 50m");
        }
        return new TxAttributes(
                attributes.constant("propagation", TxPropagation.REQUIRED),
                timeout,
                attributes.texts("rollbackFor"),
                attributes.texts("noRollbackFor"),
                site);
    }
}
