/** Transactions over several databases: branches, the decision, recovery. */
package io.floodlock.runtime.tx;
