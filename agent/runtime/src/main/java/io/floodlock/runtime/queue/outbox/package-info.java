/**
 * The outbox: calls of queued methods that are made inside a transaction are stored if and only if it commits. Read
 * {@link io.floodlock.runtime.queue.outbox.Outbox} first.
 */
package io.floodlock.runtime.queue.outbox;
