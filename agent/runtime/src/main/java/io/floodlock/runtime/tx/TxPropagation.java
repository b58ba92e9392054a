package io.floodlock.runtime.tx;

/**
 * The relation of a method to a transaction that is already open on its thread; the names are those of the annotation.
 */
public enum TxPropagation {
    REQUIRED,
    REQUIRES_NEW,
    NOT_SUPPORTED,
    SUPPORTS,
    MANDATORY,
    NEVER
}
