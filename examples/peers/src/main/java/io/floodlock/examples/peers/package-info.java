/** Kinds of locks whose libraries must not be on the bench's own class path. */
package io.floodlock.examples.peers;
