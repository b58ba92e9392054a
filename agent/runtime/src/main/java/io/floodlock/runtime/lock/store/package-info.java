/**
 * The port between the lock engine and the store that all JVMs share. Start at LockStore, then Bucket and
 * GrantEvents.
 */
package io.floodlock.runtime.lock.store;
