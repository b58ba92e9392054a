/**
 * The application's own transactions, as far as they can be observed: which ones are open on a thread, and when they
 * end.
 *
 * <p>Reading order: {@code ApplicationTransactions}, {@code ConnectionTransactions}, {@code SpringTransactions},
 * {@code JtaTransactions}.
 */
package io.floodlock.runtime.boundary;
