/** What two-phase commit needs of a database product. Start at TxDialect. */
package io.floodlock.runtime.tx.dialect;
