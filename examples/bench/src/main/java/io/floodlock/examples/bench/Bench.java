package io.floodlock.examples.bench;

import java.util.Set;

/** One family of measurements, {@code examples/run bench NAME}; {@link Benches} lists them. */
interface Bench {

    /** What a person types. */
    String name();

    /** The real servers that it needs; they are started before its JVM and stopped after it. */
    Set<Server> servers();

    /** Whether its JVM runs with the agent (on the first Redis, where it needs one). */
    default boolean woven() {
        return true;
    }

    /** Measures every case; reports cases and goals as they are known. Runs in a JVM of its own. */
    void run(BenchContext context) throws Exception;

    /** A server that a bench may ask for. */
    enum Server {
        /** The one that is installed here, else the testkit's. */
        REDIS,
        /** A PostgreSQL server with a database {@code bench}. */
        POSTGRES,
        /** Two PostgreSQL servers with a database {@code bench} each. */
        TWO_POSTGRES
    }
}
