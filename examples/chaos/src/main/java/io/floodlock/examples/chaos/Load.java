package io.floodlock.examples.chaos;

import io.floodlock.testkit.RedisServer;

/**
 * Measures the share of a core that a Redis uses, by the server's own count of processor time, on which other
 * processes on this machine have little influence.
 */
final class Load {

    private final RedisServer redis;
    private double used;
    private long since;

    Load(RedisServer redis) {
        this.redis = redis;
    }

    void begin() {
        used = seconds();
        since = System.nanoTime();
    }

    double share() {
        return (seconds() - used) / ((System.nanoTime() - since) / 1e9);
    }

    private double seconds() {
        return redis.cli("INFO", "cpu")
                .lines()
                .filter(line -> line.matches("used_cpu_(sys|user):.*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                .sum();
    }
}
