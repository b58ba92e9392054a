package io.floodlock.runtime.tx;

/**
 * Determines in which transaction a method runs, given the transaction that is open on its thread. The names are those
 * of the annotation.
 *
 * <pre>
 *                none is open       one is open
 * REQUIRED       begins one         joins it
 * REQUIRES_NEW   begins one         suspends it and begins another
 * NOT_SUPPORTED  runs in none       suspends it and runs in none
 * SUPPORTS       runs in none       joins it
 * MANDATORY      is refused         joins it
 * NEVER          runs in none       is refused
 * </pre>
 */
public enum TxPropagation {
    REQUIRED,
    REQUIRES_NEW,
    NOT_SUPPORTED,
    SUPPORTS,
    MANDATORY,
    NEVER
}
