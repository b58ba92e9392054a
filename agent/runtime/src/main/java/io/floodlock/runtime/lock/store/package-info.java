/**
 * The port between the lock engine and the store that all JVMs share. Reading order: {@code LockStore} (the
 * guarantees), {@code Bucket}, {@code GrantEvents}, {@code Session}, then {@code GrantRequest} and {@code GrantReply}.
 */
package io.floodlock.runtime.lock.store;
