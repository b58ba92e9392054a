package io.floodlock.examples.bench;

import java.time.Duration;
import java.util.List;

/**
 * What a bench works with, in its own JVM.
 *
 * @param quick whether to finish within 3 minutes, on fewer and shorter rounds: figures for a glance, not for a claim
 * @param only what the names of the rows begin with that are wanted, where a bench can do some alone; empty for all
 */
record BenchContext(Report report, boolean quick, List<String> only) {

    static final String REDIS = "bench.redis";
    static final String POSTGRES = "bench.postgres.";

    /** Whether a row is wanted. */
    boolean runs(String row) {
        return only.isEmpty() || only.stream().anyMatch(row::startsWith);
    }

    /** The Redis that {@link Bench.Server#REDIS} asked for; the agent uses it too. */
    String redisUrl() {
        return System.getProperty(REDIS);
    }

    /** A JDBC URL of one of the databases that {@link Bench.Server#TWO_POSTGRES} asked for, 0 or 1, or of the one. */
    String jdbcUrl(int server) {
        return System.getProperty(POSTGRES + server);
    }

    /** Seven rounds, or three when quick, after one round of warm-up. */
    InterleavedRounds rounds() {
        return new InterleavedRounds(quick ? 3 : 7);
    }

    /** How long one variant runs in one round. */
    Duration roundTime() {
        return quick ? Duration.ofMillis(700) : Duration.ofSeconds(3);
    }
}
