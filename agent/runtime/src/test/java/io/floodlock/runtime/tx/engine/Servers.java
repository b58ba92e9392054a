package io.floodlock.runtime.tx.engine;

import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Two real PostgreSQL servers for all tests of this package, started when first needed; they end with this JVM. */
public final class Servers {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final List<String> SHARED = new ArrayList<>();

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
    public static String database() {
        return first().createDatabase("test" + DATABASES.incrementAndGet());
    }

    static String databaseOnSecond() {
        return second().createDatabase("test" + DATABASES.incrementAndGet());
    }

    /**
     * The URL of one of a few databases on the first server that tests take turns with, as making one takes long. It holds
     * accounts of 1000 each and no decisions, but may hold the table for them.
     *
     * @param number 0, 1, ...
     */
    public static synchronized String shared(int number) {
        while (SHARED.size() <= number) {
            SHARED.add(database());
        }
        String url = SHARED.get(number);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS account; DO $$ BEGIN"
                    + " IF to_regclass('floodlock_tx') IS NOT NULL THEN DELETE FROM floodlock_tx WHERE state <> 'I'; END IF;"
                    + " END $$");
        } catch (SQLException e) {
            throw new IllegalStateException(url, e);
        }
        return url;
    }
}
