/** The locks of one method, with its keys bound to its parameters. Start at CallLocks. */
package io.floodlock.runtime.call.lock;
