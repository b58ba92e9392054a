/**
 * Results of queued calls, from the consumer back to the caller. Reading order: {@code ResultSender},
 * {@code ResultReceiver}, {@code QueuedFuture}.
 */
package io.floodlock.runtime.queue.result;
