/**
 * Transactions over several databases: their branches, the decision that commits them, and recovery.
 *
 * <p>Reading order: {@code TxEngine} (the contract), {@code Transactions}, {@code Transaction} and {@code Enlister},
 * {@code Completion}, then {@code Recovery}.
 */
package io.floodlock.runtime.tx;
