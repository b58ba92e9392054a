package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.tx.TxAttributes;
import java.util.List;

/**
 * Decides whether a body's exception rolls back: by the rule whose class is closest to the exception's; without one,
 * unchecked exceptions and errors roll back. A rollback rule wins over an equally close commit rule.
 * {@code Transactions} calls it as a method ends.
 */
public final class RollbackRules {

    private RollbackRules() {}

    public static boolean rollsBack(TxAttributes attributes, Throwable thrown) {
        int rollback = distance(attributes.rollbackFor(), thrown.getClass());
        int commit = distance(attributes.noRollbackFor(), thrown.getClass());
        if (rollback == Integer.MAX_VALUE && commit == Integer.MAX_VALUE) {
            return thrown instanceof RuntimeException || thrown instanceof Error;
        }
        return rollback <= commit;
    }

    private static int distance(List<String> names, Class<?> thrown) {
        if (names.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        int steps = 0;
        for (Class<?> type = thrown; type != null; type = type.getSuperclass()) {
            if (names.contains(type.getName())) {
                return steps;
            }
            steps++;
        }
        return Integer.MAX_VALUE;
    }
}
