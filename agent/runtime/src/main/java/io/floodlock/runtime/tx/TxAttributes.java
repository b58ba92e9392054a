package io.floodlock.runtime.tx;

import java.time.Duration;
import java.util.List;

/**
 * The attributes of a transactional method, from its annotation or rule. Immutable.
 *
 * @param timeout from the method's begin to its decision; more than 0 and at most 50 minutes
 * @param rollbackFor binary names of exception classes, subclasses included
 * @param noRollbackFor likewise; the closest of both lists to the thrown class wins
 * @param site the method or call site, {@code com.shop.Orders.place}, for messages
 */
public record TxAttributes(
        TxPropagation propagation,
        Duration timeout,
        List<String> rollbackFor,
        List<String> noRollbackFor,
        String site) {}
