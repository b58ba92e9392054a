/** What is stored in a stream: entries, calls, dead letters, and their binary form. */
package io.floodlock.runtime.queue.record;
