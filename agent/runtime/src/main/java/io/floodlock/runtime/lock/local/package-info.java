/** Locks within this JVM: holders, waiters and the grant of each key. Start at Arbiter, then LocalLock. */
package io.floodlock.runtime.lock.local;
