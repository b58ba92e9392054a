/** The statements of a database product that two-phase commit needs. Start at TxDialect. */
package io.floodlock.runtime.tx.dialect;
