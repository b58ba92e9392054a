/** Fault runs: {@code examples/run chaos NAME}. Faults come from outside the processes they hit. */
package io.floodlock.examples.chaos;
