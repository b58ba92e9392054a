/** The code in the JVMs that faults hit: it works under locks in a loop, and reports its state by lines of output. */
package io.floodlock.examples.chaos.worker;
