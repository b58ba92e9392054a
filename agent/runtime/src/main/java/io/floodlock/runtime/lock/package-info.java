/**
 * The contract of the locks among JVMs, for the rest of the runtime: engine, request, scope, ownership. Start at
 * {@link io.floodlock.runtime.lock.LockEngine}.
 *
 * <p>Read on in this order: {@code lock.store} (the port to the store that all JVMs share), {@code lock.local}
 * (holders and waiters of a key within this JVM), {@code lock.scope} (the keys that one call holds),
 * {@code lock.redis} (the port implemented on Redis), {@code lock.engine} (acquisition from the first key to the
 * last).
 */
package io.floodlock.runtime.lock;
