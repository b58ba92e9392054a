/** The programs that the weave bench starts, each in JVMs of its own. */
package io.floodlock.examples.bench.weave;
