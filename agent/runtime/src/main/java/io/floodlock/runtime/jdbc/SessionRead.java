package io.floodlock.runtime.jdbc;

import java.util.Set;

/**
 * What a session was at one moment.
 *
 * @param state what it may differ in from others
 * @param names of the settings that were asked for
 */
public record SessionRead(String state, Set<String> names) {}
