package io.floodlock.runtime.lock.store;

import java.util.concurrent.CompletableFuture;

/**
 * A session that this JVM has ended at its shutdown; {@link Bucket#end} returns it. Immutable.
 *
 * @param closed completes when the keys that it held are free
 */
public record EndedSession(Session session, CompletableFuture<?> closed) {}
