/**
 * The contract of the locks among JVMs, for the rest of the runtime. Reading order: {@code LockEngine} (the
 * acquisitions), {@code LockRequest} and {@code LockTerms} (an acquisition's keys and limits), {@code LockScope} (the
 * keys of one call), {@code Ownership} (a key of the whole JVM).
 *
 * <p>Read on in this order: {@code lock.store} (the port to the store that all JVMs share), {@code lock.local} (holders
 * and waiters of a key within this JVM), {@code lock.scope} (the keys that one call holds), {@code lock.redis} (the
 * port implemented on Redis), {@code lock.engine} (acquisition from the first key to the last).
 */
package io.floodlock.runtime.lock;
