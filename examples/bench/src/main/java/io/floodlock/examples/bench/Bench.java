package io.floodlock.examples.bench;

import java.util.Set;

/** One family of measurements, run by {@code examples/run bench NAME}. {@link Benches} lists all of them. */
interface Bench {

    /** The name on the command line. */
    String name();

    /** The real servers that its requested rows need. They are started before its JVM and stopped after it. */
    Set<Server> servers(BenchContext context);

    /** Whether its JVM runs with the agent, which uses the first Redis if it needs one. */
    default boolean woven() {
        return true;
    }

    /** Measures every case, and reports cases and goals as soon as they are known. Runs in a separate JVM. */
    void run(BenchContext context) throws Exception;

    /** A server that a bench may request. */
    enum Server {
        /** The Redis that is installed on this machine, otherwise the testkit's. */
        REDIS,
        /** A PostgreSQL server with a database {@code bench}. */
        POSTGRES,
        /** Two PostgreSQL servers with a database {@code bench} each. */
        TWO_POSTGRES,
        /** A Kafka broker. */
        KAFKA,
        /** The RabbitMQ that is installed on this machine, otherwise none. */
        RABBITMQ
    }
}
