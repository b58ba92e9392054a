/**
 * Interceptors that run methods in transactions, whose locks are taken before the transaction begins. Start at Boundary.
 */
package io.floodlock.runtime.call.boundary;
