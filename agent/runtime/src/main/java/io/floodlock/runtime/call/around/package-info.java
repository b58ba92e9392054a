/**
 * The code around a woven body, on the calling thread or beyond the return of the method. Start at WovenCall, then
 * AsyncCall.
 */
package io.floodlock.runtime.call.around;
