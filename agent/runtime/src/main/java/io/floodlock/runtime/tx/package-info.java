/**
 * Transactions over several databases: their branches, the decision that commits them, and recovery. TxEngine is the
 * contract; read the package engine next, then transaction, commit and recovery.
 */
package io.floodlock.runtime.tx;
