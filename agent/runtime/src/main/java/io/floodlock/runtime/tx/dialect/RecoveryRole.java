package io.floodlock.runtime.tx.dialect;

/**
 * The role that a connection of our own belongs to.
 *
 * @param literal its name as a literal of SQL
 */
public record RecoveryRole(String name, String literal, boolean superuser) {}
