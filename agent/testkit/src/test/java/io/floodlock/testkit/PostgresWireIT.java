package io.floodlock.testkit;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresWireIT extends WireProxyOnDatabases {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    String url() {
        return server.jdbcUrl("postgres");
    }

    @Override
    WireProxy openProxy() {
        return WireProxy.postgres(server.port());
    }
}
