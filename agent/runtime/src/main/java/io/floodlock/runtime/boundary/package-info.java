/**
 * The transactions of the application's own, as far as they can be told of: what is open on a thread, and when it ends.
 */
package io.floodlock.runtime.boundary;
