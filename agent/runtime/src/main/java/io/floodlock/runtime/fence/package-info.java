/**
 * Refuses the database work of holders that have lost their lock. {@code CommitGuard} checks the locks before a commit.
 * The fence has the database itself compare holders, by fencing tokens in the table {@code floodlock_fence}.
 *
 * <p>Reading order: {@code FenceTable}, {@code Fence}, {@code FencedTransaction} (states and reasons), {@code
 * ExclusiveClaims} and {@code SharedClaims}, then a {@code FenceDialect}.
 */
package io.floodlock.runtime.fence;
