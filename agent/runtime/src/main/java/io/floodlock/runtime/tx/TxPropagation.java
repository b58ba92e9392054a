package io.floodlock.runtime.tx;

/** How a method relates to a transaction already open on its thread; the names are those of the annotation. */
public enum TxPropagation {
    REQUIRED,
    REQUIRES_NEW,
    NOT_SUPPORTED,
    SUPPORTS,
    MANDATORY,
    NEVER
}
