package io.floodlock.runtime.jdbc;

import java.util.Set;

/**
 * The state of a session at one moment.
 *
 * @param state the values in which it may differ from other sessions
 * @param names of the settings that were read
 */
public record SessionRead(String state, Set<String> names) {}
