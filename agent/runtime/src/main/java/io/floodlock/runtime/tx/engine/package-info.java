/** The engine of distributed transactions, the entry point of {@code tx}. Start at Transactions. */
package io.floodlock.runtime.tx.engine;
