/**
 * The code in the JVMs of the locks bench: kinds of locks behind one interface, and the load on them. Start with
 * {@link io.floodlock.examples.bench.locks.LockJvm}.
 */
package io.floodlock.examples.bench.locks;
