/** Results of queued calls, from the consumer back to the caller. */
package io.floodlock.runtime.queue.result;
