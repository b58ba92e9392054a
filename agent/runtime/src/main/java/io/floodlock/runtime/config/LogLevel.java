package io.floodlock.runtime.config;

/** The least that is logged, from little to much. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
