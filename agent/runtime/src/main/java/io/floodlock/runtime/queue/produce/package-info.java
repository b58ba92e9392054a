/**
 * Producing: stores a queued call in its lane. Reading order: {@code Producer}, {@code OutgoingCall},
 * {@code SendBuffer}, {@code EntrySender}, {@code LaneGroups}, {@code LaneGroup}, {@code InFlightEntry},
 * {@code CapacityGate}.
 */
package io.floodlock.runtime.queue.produce;
