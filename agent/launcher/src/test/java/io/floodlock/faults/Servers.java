package io.floodlock.faults;

import io.floodlock.testkit.PostgresServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL server that the tests share which don't harm it; it ends with this JVM. */
public final class Servers {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Servers() {}

    /** A new database. */
    public static Ledger ledger() {
        return Ledger.create(Shared.POSTGRES, "ledger" + DATABASES.incrementAndGet());
    }

    public static int postgresPort() {
        return Shared.POSTGRES.port();
    }

    private static final class Shared {
        private static final PostgresServer POSTGRES = PostgresServer.start(Map.of());
    }
}
