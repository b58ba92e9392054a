/** Production: a queued call on its way from the caller to its lane. Start at Producer. */
package io.floodlock.runtime.queue.produce;
