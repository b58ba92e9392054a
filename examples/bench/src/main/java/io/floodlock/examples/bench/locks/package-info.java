/** What runs in the JVMs of the locks bench: kinds of locks behind one interface, and the load on them. */
package io.floodlock.examples.bench.locks;
