/**
 * Interceptors that run methods in transactions. The methods' locks are acquired before the transaction begins. Start
 * at {@code Boundary}, then {@code Interceptions}.
 */
package io.floodlock.runtime.call.boundary;
