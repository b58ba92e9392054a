/**
 * Locks within this JVM: holders, waiters and the grant of each key. Reading order: {@code Arbiter} (its state table),
 * {@code WaitQueue}, {@code FastPath}, {@code LocalLock}, {@code GrantDialog}, then {@code LockTable}, the entry of the
 * lock engine.
 */
package io.floodlock.runtime.lock.local;
