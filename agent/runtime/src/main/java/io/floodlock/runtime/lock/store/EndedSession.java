package io.floodlock.runtime.lock.store;

import java.util.concurrent.CompletableFuture;

/**
 * A session that this JVM has ended as it shuts down.
 *
 * @param closed completes when what it held is free
 */
public record EndedSession(Session session, CompletableFuture<?> closed) {}
