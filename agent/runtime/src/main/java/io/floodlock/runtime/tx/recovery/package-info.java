/**
 * Finishes the branches that JVMs left behind: finds them, reads or makes their decision, commits or rolls back.
 *
 * <p>Reading order: {@code Recovery} (the thread), {@code Sweep} (one pass), {@code DecisionCleanup}.
 */
package io.floodlock.runtime.tx.recovery;
