/** A social network in plain Java. Start with {@code Feed}. */
package io.floodlock.examples.social;
