/**
 * The locks of one method, with its keys bound to its parameters. Start at {@code CallLocks}, then {@code
 * LockedMethods}.
 */
package io.floodlock.runtime.call.lock;
