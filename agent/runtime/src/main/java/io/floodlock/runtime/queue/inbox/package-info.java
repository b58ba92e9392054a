/**
 * The inbox of a queue: it records in a database, in the transaction of the body, which calls have run, so that each
 * runs exactly once there. Read {@link io.floodlock.runtime.queue.inbox.Inbox} first.
 */
package io.floodlock.runtime.queue.inbox;
