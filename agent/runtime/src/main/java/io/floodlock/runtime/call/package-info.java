/**
 * The entry from woven code: links call sites, orders the concerns around a body, and shows the caller its exceptions.
 * Start at {@code WovenRuntime}, then {@code WovenCall}.
 */
package io.floodlock.runtime.call;
