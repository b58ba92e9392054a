package io.floodlock.runtime.config;

/** The lowest level that is logged, from least to most output. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
