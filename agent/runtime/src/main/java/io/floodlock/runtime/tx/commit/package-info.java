/** From the end of a method's body to the outcome of every branch. Start at Completion. */
package io.floodlock.runtime.tx.commit;
