package io.floodlock.runtime.config;

import java.util.Optional;

/**
 * All settings, with default and allowed values. The README's table, the parser and the check for unknown keys use
 * this list.
 */
enum Setting {
    REDIS("redis", "redis://127.0.0.1:6379", "redis:// or rediss:// URLs, separated by commas, or 'embedded'"),
    NAMESPACE("namespace", "default", "1 to 12 of the characters A-Z a-z 0-9 _ -"),
    REDISSON("redisson", "", "the path of a Redisson YAML file"),
    RULES("rules", "", "the path of a rules file"),
    LEASE("lease", "10s", "a duration from 1s to 5m"),
    SHUTDOWN_WAIT("shutdown-wait", "10s", "a duration from 0 to 10m"),
    QUEUE_MODE("queue.mode", "consume", "consume, produce-only or inline"),
    QUEUE_DRAIN("queue.drain", "10s", "a duration from 0 to 10m"),
    QUEUE_LANES("queue.lanes", "16", "a number from 1 to 1024"),
    QUEUE_HOME("queue.home", "", "a connection pool's name or a JDBC URL"),
    TX_HOME("tx.home", "", "a connection pool's name or a JDBC URL"),
    LOG("log", "stderr", "stderr, slf4j or the path of a file"),
    LOG_LEVEL("log.level", "info", "error, warn, info or debug"),
    ON_FAILURE("on-failure", "refuse", "refuse or warn"),
    EXPLAIN("explain", "false", "true or false"),
    ENABLED("enabled", "true", "true or false"),
    CONFIG("config", "", "the path of a properties file");

    private final String key;
    private final String byDefault;
    private final String allowed;

    Setting(String key, String byDefault, String allowed) {
        this.key = key;
        this.byDefault = byDefault;
        this.allowed = allowed;
    }

    /** The key without the prefix {@code floodlock.}. */
    String key() {
        return key;
    }

    /** The default; empty if there is none. */
    String byDefault() {
        return byDefault;
    }

    /** The allowed values, as a noun phrase for messages. */
    String allowed() {
        return allowed;
    }

    static Optional<Setting> of(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
