/**
 * Calls of queued methods, and the registration of these methods with the queue engine. Start at {@code EnqueueCall},
 * then {@code QueuedMethods}.
 */
package io.floodlock.runtime.call.queued;
