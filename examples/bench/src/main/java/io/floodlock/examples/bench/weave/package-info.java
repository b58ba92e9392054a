/** The programs that the weave bench starts, each in separate JVMs. */
package io.floodlock.examples.bench.weave;
