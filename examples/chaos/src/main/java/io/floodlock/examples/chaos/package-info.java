/**
 * Fault runs: {@code examples/run chaos NAME}. Faults are caused from outside the processes that they hit. Start with
 * {@link io.floodlock.examples.chaos.Chaos}, {@link io.floodlock.examples.chaos.Fleet} and
 * {@link io.floodlock.examples.chaos.Storm}.
 */
package io.floodlock.examples.chaos;
