/** The way from the end of the body to the outcome of every branch. Start at Completion. */
package io.floodlock.runtime.tx.commit;
