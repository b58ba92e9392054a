package io.floodlock.examples.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.testkit.MariaDbServer;
import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The referee of transactions finds each thing that can go wrong, in both databases. */
class CellsIT {

    @Test
    void inPostgres() throws SQLException {
        try (PostgresServer server = PostgresServer.start(Map.of())) {
            String url = server.createDatabase("cells");
            judges(url, new Cells(url, "here"));
            Cells tenants = Cells.ofTenant(url, "seller");
            judges(url + "&currentSchema=seller", tenants);
            execute(url, "INSERT INTO seller.entry VALUES (1, 2, 6, 'g', 'seller', 'seller')");
            assertEquals(1, tenants.audit().strayed());
            execute(url, "INSERT INTO seller.entry VALUES (1, 3, 7, 'h', 'seller', 'postgres')");
            assertEquals(2, tenants.audit().strayed(), "under another role");
        }
    }

    @Test
    void inMariaDb() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(Map.of())) {
            String url = server.createDatabase("cells");
            judges(url, new Cells(url, "here"));
        }
    }

    private static void judges(String url, Cells cells) throws SQLException {
        cells.create(2);
        assertEquals(new Cells.Audit(0, 0, 0, 0, 0, 0), cells.audit());
        execute(
                url,
                "INSERT INTO entry (id, n, holder, op) VALUES (0, 1, 10, 'a'), (0, 2, 10, 'b'), (0, 3, 11, 'c'), (1, 1, 5, 'd')");
        execute(url, "INSERT INTO reading VALUES (0, 1, 1, NULL, NULL), (0, 2, 2, 'never done', 'never done')");
        assertEquals(new Cells.Audit(4, 2, 0, 0, 0, 0), cells.audit());

        execute(url, "INSERT INTO entry (id, n, holder, op) VALUES (0, 3, 12, 'e')");
        assertEquals(new Cells.Audit(5, 2, 1, 0, 0, 0), cells.audit(), "two wrote the same count");
        execute(url, "INSERT INTO entry (id, n, holder, op) VALUES (0, 4, 9, 'f')");
        assertEquals(new Cells.Audit(6, 2, 1, 1, 0, 0), cells.audit(), "an earlier holder wrote after a later one");
        execute(url, "INSERT INTO reading VALUES (0, 2, 3, NULL, NULL)");
        assertEquals(new Cells.Audit(6, 3, 1, 1, 1, 0), cells.audit(), "it changed while it was read");
        execute(url, "INSERT INTO reading VALUES (0, 2, 2, 'c', 'c'), (0, 2, 2, NULL, 'd')");
        assertEquals(new Cells.Audit(6, 5, 1, 1, 3, 0), cells.audit(), "half of what was completed");
        assertEquals(5, cells.audit().violations());
        execute(url, "INSERT INTO entry VALUES (1, 9, 9, 'i', 'elsewhere', NULL)");
        assertEquals(1, cells.audit().strayed(), "meant for another place");
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
