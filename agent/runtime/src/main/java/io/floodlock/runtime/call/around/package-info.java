/** What surrounds a woven body, on the calling thread or beyond its return. Start at WovenCall, then AsyncCall. */
package io.floodlock.runtime.call.around;
