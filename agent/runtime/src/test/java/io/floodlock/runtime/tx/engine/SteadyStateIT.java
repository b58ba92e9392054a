package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.testkit.WireProxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.Notes;

/** What a transaction sends to its servers, counted there, once everything that is asked only once is known. */
class SteadyStateIT {

    private static final String UPDATE = "UPDATE account SET balance = balance + $1 WHERE id = $2";

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final String[] urls = new String[2];
    private final List<HikariDataSource> pools = new ArrayList<>();
    private Transactions engine;
    private WireProxy proxy;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "steady")), Events.NONE, () -> null);
        proxy = WireProxy.postgres(Servers.first().port());
        proxy.at(sql -> {
                    sent.add(sql);
                    return false;
                })
                .pass();
        for (int i = 0; i < 2; i++) {
            urls[i] = Servers.shared(i);
            Bank.simple(engine, urls[i]);
        }
    }

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
        engine.close();
        proxy.close();
    }

    private DataSource pool(int database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(proxy.through(urls[database]));
        config.setMaximumPoolSize(2);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return new Woven(engine, pool);
    }

    private static void transfer(DataSource first, DataSource second) throws SQLException {
        try (Connection from = first.getConnection();
                Connection to = second.getConnection()) {
            add(from, -1);
            add(to, 1);
        }
    }

    private static void add(Connection connection, int amount) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            statement.setInt(1, amount);
            statement.setInt(2, 1);
            statement.executeUpdate();
        }
    }

    /** Of the last of a few; what is asked at the first meeting, and by recovery, is over then. */
    private List<String> steady(Scopes.Body body) throws Exception {
        for (int i = 0; i < 25; i++) {
            Scopes.run(engine, body);
        }
        List<String> last;
        do {
            sent.clear();
            Scopes.run(engine, body);
            last = List.copyOf(sent);
            // recovery, which sweeps by time, was just opening a connection
        } while (last.stream().anyMatch(sql -> sql.startsWith("SET application_name")));
        return last;
    }

    @Test
    void oneDatabaseThroughTwoSources() throws Exception {
        DataSource first = pool(0);
        DataSource second = pool(0);
        List<String> once = List.of("BEGIN", UPDATE, UPDATE, "COMMIT");
        assertEquals(once, steady(() -> transfer(first, second)));
        // the pools' connections are used in turns with statements outside any transaction
        for (int i = 0; i < 5; i++) {
            transfer(first, second);
        }
        assertEquals(once, steady(() -> transfer(first, second)));
        assertEquals(once, steady(() -> transfer(first, first)));
    }

    @Test
    void twoDatabases() throws Exception {
        DataSource first = pool(0);
        DataSource second = pool(1);
        List<String> verbs = steady(() -> transfer(first, second)).stream()
                .map(sql -> sql.replaceFirst("(\\w+(?: \\w+)?).*", "$1"))
                .toList();
        assertEquals(
                List.of(
                        "BEGIN",
                        "UPDATE account",
                        "BEGIN",
                        "UPDATE account",
                        "SET LOCAL",
                        "PREPARE TRANSACTION",
                        "INSERT INTO",
                        "COMMIT",
                        "COMMIT PREPARED"),
                verbs);
    }

    /** Control: what may have changed a session is seen, and that session is read again. */
    @Test
    void whatMayHaveChangedASessionIsReadAgain() throws Exception {
        DataSource first = pool(0);
        DataSource second = pool(0);
        steady(() -> transfer(first, second));
        try (Connection connection = second.getConnection()) {
            Notes.run(connection, "SET statement_timeout = 7000");
            Notes.run(connection, "RESET statement_timeout");
        }
        sent.clear();
        for (int i = 0; i < 4; i++) {
            Scopes.run(engine, () -> transfer(first, second));
        }
        assertEquals(
                1,
                sent.stream()
                        .filter(sql -> sql.contains("pg_postmaster_start_time"))
                        .count(),
                sent::toString);
    }
}
