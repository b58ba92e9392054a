/**
 * The statements of a database product that two-phase commit needs.
 *
 * <p>Reading order: {@code TxDialect}, {@code SessionDialect} and {@code RecoveryDialect} (the contracts),
 * {@code DecisionTable}, then {@code PostgresTxDialect} and {@code PostgresSessions}.
 */
package io.floodlock.runtime.tx.dialect;
