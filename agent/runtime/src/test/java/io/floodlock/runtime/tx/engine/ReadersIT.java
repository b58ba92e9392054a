package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A branch that only read is left out of the decision, but what its functions queued is not lost. */
class ReadersIT {

    private static final List<String> READS = List.of(
            "SELECT pg_notify('told', 'plain')",
            "SELECT pg_notify -- a comment\n('told', 'behind a comment')",
            "SELECT * FROM telling",
            "SELECT a.telling_account FROM account a WHERE a.id = 1");

    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "readers")), Events.NONE, () -> null);
        a = Bank.simple(engine, Servers.shared(0));
        b = Bank.simple(engine, Servers.shared(1));
        a.run(
                "DROP VIEW IF EXISTS telling; CREATE VIEW telling AS SELECT pg_notify('told', 'through a view')::text AS n;"
                        + " CREATE OR REPLACE FUNCTION telling_account(account) RETURNS text LANGUAGE sql VOLATILE AS"
                        + " $$ SELECT pg_notify('told', 'by a row')::text $$");
    }

    @AfterEach
    void close() {
        a.run("DROP VIEW telling; DROP FUNCTION telling_account(account)");
        engine.close();
        a.close();
        b.close();
    }

    private void read(String sql, boolean fails) throws Exception {
        Scopes.run(engine, () -> {
            try (Connection connection = a.connection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            }
            b.add(1, 1);
            if (fails) {
                throw new IllegalStateException("body");
            }
        });
    }

    private static List<String> heard(Connection listener) throws Exception {
        listener.createStatement().execute("SELECT 1");
        List<String> heard = new ArrayList<>();
        PGNotification[] notifications = listener.unwrap(PGConnection.class).getNotifications();
        for (PGNotification each : notifications == null ? new PGNotification[0] : notifications) {
            heard.add(each.getParameter());
        }
        return heard;
    }

    @Test
    void whatAReadNotifiesIsHeardOnceItIsCommittedAndNeverElse() throws Exception {
        try (Connection listener = DriverManager.getConnection(a.url())) {
            listener.createStatement().execute("LISTEN told");
            for (String sql : READS) {
                assertThrows(IllegalStateException.class, () -> read(sql, true));
                assertEquals(List.of(), heard(listener), sql);
                read(sql, false);
                assertEquals(1, heard(listener).size(), sql);
            }
        }
    }

    /** The positive control: a rollback loses it. */
    @Test
    void aRollbackLosesIt() throws Exception {
        try (Connection listener = DriverManager.getConnection(a.url());
                Connection reader = DriverManager.getConnection(a.url())) {
            listener.createStatement().execute("LISTEN told");
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT * FROM telling");
            reader.rollback();
            assertEquals(List.of(), heard(listener));
        }
    }
}
