/**
 * Fault runs: {@code examples/run chaos NAME}. Faults are caused from outside the processes that they hit. Start with
 * {@code Chaos}, {@code Fleet} and {@code Storm}.
 */
package io.floodlock.examples.chaos;
