package io.floodlock.examples.bench;

import java.time.Duration;
import java.util.List;

/**
 * The settings of a bench, and in its own JVM the servers that it requested.
 *
 * @param quick whether to finish within 3 minutes, with fewer and shorter rounds; such figures are estimates and
 *     support no claim
 * @param only prefixes of the names of the requested rows, for a bench that can run single rows; empty for all rows
 */
record BenchContext(Report report, boolean quick, List<String> only) {

    static final String REDIS = "bench.redis";
    static final String POSTGRES = "bench.postgres.";
    static final String KAFKA = "bench.kafka";
    static final String RABBITMQ = "bench.rabbitmq";
    static final String RABBITMQ_STREAM = "bench.rabbitmq.stream";

    /** Whether a row is requested. */
    boolean runs(String row) {
        return only.isEmpty() || only.stream().anyMatch(row::startsWith);
    }

    /** Whether a row that belongs to no goal is requested; a quick run has it only by name. */
    boolean runsWithoutGoal(String row) {
        return runs(row) && !(quick && only.isEmpty());
    }

    /** The Redis that {@link Bench.Server#REDIS} requested; the agent uses it too. */
    String redisUrl() {
        return System.getProperty(REDIS);
    }

    /**
     * The JDBC URL of one of the databases that {@link Bench.Server#TWO_POSTGRES} requested, 0 or 1; or of the only
     * one, 0.
     */
    String jdbcUrl(int server) {
        return System.getProperty(POSTGRES + server);
    }

    /** The addresses of the broker that {@link Bench.Server#KAFKA} requested. */
    String kafka() {
        return System.getProperty(KAFKA);
    }

    /** Whether {@link Bench.Server#RABBITMQ} was requested and is installed. */
    boolean hasRabbitMq() {
        return rabbitMq() != null;
    }

    /** The URI for clients of AMQP. */
    String rabbitMq() {
        return System.getProperty(RABBITMQ);
    }

    /** The URI for clients of streams. */
    String rabbitMqStream() {
        return System.getProperty(RABBITMQ_STREAM);
    }

    /** Seven rounds, or three when quick, after one warm-up round. */
    InterleavedRounds rounds() {
        return new InterleavedRounds(quick ? 3 : 7);
    }

    /** The running time of one variant in one round. */
    Duration roundTime() {
        return quick ? Duration.ofMillis(700) : Duration.ofSeconds(3);
    }
}
