/**
 * The code around a woven body, on the calling thread or beyond the return of the method. Start at {@code WovenCall}
 * and {@code ScopeExit}, then {@code AsyncCall}.
 */
package io.floodlock.runtime.call.around;
