/** What runs in the JVMs that are hit by faults: work under locks, in a loop, that tells how it is by lines of output. */
package io.floodlock.examples.chaos.worker;
