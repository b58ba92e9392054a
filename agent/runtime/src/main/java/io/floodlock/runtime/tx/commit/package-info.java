/**
 * From the end of a method's body to the outcome of every branch.
 *
 * <p>Reading order: {@code Completion} (the protocol), {@code Resolver} (a lost reply), {@code BranchFanOut}.
 */
package io.floodlock.runtime.tx.commit;
