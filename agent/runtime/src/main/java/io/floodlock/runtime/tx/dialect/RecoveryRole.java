package io.floodlock.runtime.tx.dialect;

/**
 * The role of a connection of the agent, with which recovery connects.
 *
 * @param literal its name as an SQL literal
 * @param superuser whether it may finish branches of every role
 */
public record RecoveryRole(String name, String literal, boolean superuser) {}
