/**
 * The state of a lane as it is stored ({@code LaneSnapshot}), and a change of it ({@code LaneChange}). Read
 * {@code Lane} first.
 */
package io.floodlock.runtime.queue.store;
