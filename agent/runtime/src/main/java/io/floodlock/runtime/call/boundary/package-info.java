/**
 * Interceptors that run methods in transactions. The methods' locks are acquired before the transaction begins. Start
 * at Boundary.
 */
package io.floodlock.runtime.call.boundary;
