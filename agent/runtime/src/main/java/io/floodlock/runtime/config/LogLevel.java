package io.floodlock.runtime.config;

/**
 * The levels of the agent's log, the most severe first. {@code floodlock.log.level} names the least severe one that is
 * logged.
 */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
