package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlWireIT extends WireProxyOnDatabases {

    private static MariaDbServer server;

    @BeforeAll
    static void start() {
        server = MariaDbServer.start(Map.of());
        server.createDatabase("test");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    String url() {
        return server.jdbcUrl("test");
    }

    @Override
    WireProxy openProxy() {
        return WireProxy.mariaDb(server.port());
    }

    /** Statements that the server prepares travel as numbers. */
    @Test
    void recognisesAPreparedStatementByItsText() throws SQLException {
        AtomicInteger seen = new AtomicInteger();
        try (WireProxy proxy = openProxy();
                Connection connection = DriverManager.getConnection(proxy.through(url()) + "&useServerPrepStmts=true");
                PreparedStatement statement = connection.prepareStatement("SELECT 1 + ?")) {
            proxy.at(sql -> sql.equals("SELECT 1 + ?"))
                    .always()
                    .doing(seen::incrementAndGet)
                    .pass();
            for (int i = 0; i < 3; i++) {
                statement.setInt(1, i);
                statement.execute();
            }
            assertEquals(3, seen.get());
            proxy.at(sql -> sql.equals("SELECT 2 + ?")).cutReply();
            assertThrows(SQLException.class, () -> {
                try (PreparedStatement other = connection.prepareStatement("SELECT 2 + ?")) {
                    other.setInt(1, 1);
                    other.execute();
                }
            });
        }
    }
}
