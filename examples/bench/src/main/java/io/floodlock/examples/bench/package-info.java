/**
 * Interleaved measurements against peers, with goals: {@code examples/run bench NAME}. Start with {@code Bench} and
 * {@code InterleavedRounds}.
 */
package io.floodlock.examples.bench;
