package io.floodlock.runtime.tx;

import java.time.Duration;
import java.util.List;

/**
 * What a method asks of its transaction.
 *
 * @param rollbackFor binary names of exception classes, subclasses included
 * @param noRollbackFor likewise; the closest of both lists to the thrown class wins
 * @param site the call, {@code com.shop.Orders.place}, for messages
 */
public record TxAttributes(
        TxPropagation propagation,
        Duration timeout,
        List<String> rollbackFor,
        List<String> noRollbackFor,
        String site) {}
