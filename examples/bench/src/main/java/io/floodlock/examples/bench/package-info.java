/** Interleaved measurements against peers, with goals: {@code examples/run bench NAME}. */
package io.floodlock.examples.bench;
