/**
 * Producing: stores a queued call in its lane. Reading order: {@code Producer}, {@code OutgoingCall},
 * {@code SendBuffer}, {@code EntrySender}, {@code StreamWriters}, {@code StreamWriter}, {@code InFlightEntry},
 * {@code CapacityGate}.
 */
package io.floodlock.runtime.queue.produce;
