/** Queued methods of this JVM and the objects whose bodies run. */
package io.floodlock.runtime.queue.method;
