/** The port between the engine and what all JVMs share. Start at LockStore, then Bucket and GrantEvents. */
package io.floodlock.runtime.lock.store;
