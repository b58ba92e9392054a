/** The state of a lane as it is stored, and a change of it. */
package io.floodlock.runtime.queue.store;
