/**
 * One lane of a queue while this JVM owns it. Reading order: {@code Lane}, {@code LaneCalls}, {@code LaneWindow},
 * {@code ProducerPositions}, {@code LaneWriter}, {@code KeyScheduler}, {@code Reservation}, {@code WindowRelief} and
 * {@code HandOver}; then {@code LaneCall}, {@code CrashIsolation}.
 */
package io.floodlock.runtime.queue.lane;
