package io.floodlock.runtime.tx;

import io.floodlock.testkit.PostgresServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Two real PostgreSQL servers for all tests of this package, started when first needed; they end with this JVM. */
final class Servers {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static PostgresServer first;
    private static PostgresServer second;

    private Servers() {}

    static synchronized PostgresServer first() {
        if (first == null) {
            first = PostgresServer.start(Map.of());
        }
        return first;
    }

    /** Prepares nothing: as a PostgreSQL is out of the box. */
    static synchronized PostgresServer second() {
        if (second == null) {
            second = PostgresServer.start(Map.of("max_prepared_transactions", "0"));
        }
        return second;
    }

    /** The URL of a new database on the first server. */
    static String database() {
        return first().createDatabase("test" + DATABASES.incrementAndGet());
    }

    static String databaseOnSecond() {
        return second().createDatabase("test" + DATABASES.incrementAndGet());
    }
}
