/**
 * The port to what stores calls. Reading order: {@code CallStore}, {@code LaneLayout}, {@code Appender},
 * {@code LaneFeed}, {@code LaneLog} with {@code LaneSnapshot}, {@code LaneStep} and {@code LaneChange}, then
 * {@code ConsumerDirectory} and {@code ResultChannel}.
 */
package io.floodlock.runtime.queue.store;
