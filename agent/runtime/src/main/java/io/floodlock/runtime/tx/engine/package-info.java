/** The engine of distributed transactions, the entry point of {@code tx}. Begin with {@code Transactions}. */
package io.floodlock.runtime.tx.engine;
