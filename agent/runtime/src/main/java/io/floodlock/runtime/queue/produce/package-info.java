/** Producing: stores a queued call in its lane. Start at Producer. */
package io.floodlock.runtime.queue.produce;
