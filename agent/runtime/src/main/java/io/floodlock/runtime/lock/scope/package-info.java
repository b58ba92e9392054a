/**
 * Open scopes: the keys that the calls around a thread, or an asynchronous call, hold. Reading order: {@code Scope},
 * {@code ScopeStack}, {@code ThreadScopes}, {@code TransactionHolds}, {@code TransactionHold}.
 */
package io.floodlock.runtime.lock.scope;
