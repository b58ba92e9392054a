/** Calls of queued methods, and how the queue engine learns of the methods. Start at EnqueueCall. */
package io.floodlock.runtime.call.queued;
