/**
 * Locks among JVMs as the rest of the runtime sees them: engine, request, scope, ownership.
 *
 * <p>Read on in this order: {@code lock.store} (the port to what all JVMs share), {@code lock.local} (who of this JVM holds a
 * key and who waits for it), {@code lock.scope} (what one call holds), {@code lock.redis} (the port on Redis), {@code
 * lock.engine} (acquisition from first key to last).
 */
package io.floodlock.runtime.lock;
