/**
 * Locks within this JVM: holders, waiters and the grant of each key. Start at Arbiter (its state table), then
 * FastPath, LocalLock and GrantDialog.
 */
package io.floodlock.runtime.lock.local;
