/** Calls of queued methods, and the registration of these methods with the queue engine. Start at EnqueueCall. */
package io.floodlock.runtime.call.queued;
