/**
 * The application's own transactions, as far as they can be observed: which ones are open on a thread, and when they
 * end. Start at ApplicationTransactions.
 */
package io.floodlock.runtime.boundary;
