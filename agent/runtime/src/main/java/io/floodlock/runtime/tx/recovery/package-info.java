/**
 * Finishes the branches that JVMs left behind: finds them, reads or makes their decision, commits or rolls back. Start
 * at Recovery, then Sweep.
 */
package io.floodlock.runtime.tx.recovery;
