package io.floodlock.runtime.queue.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.tx.engine.LogLines;
import io.floodlock.runtime.tx.engine.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait in an outbox are named in the log. */
@Timeout(60)
class OutboxSenderIT {

    private final String url = Servers.database();
    private final LogLines log = new LogLines();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final HomeAt home = new HomeAt(url);

    private final OutboxSender sender = new OutboxSender(
            "application",
            null,
            queue -> {
                throw new AssertionError("no call is sent to " + queue);
            },
            timer,
            timer,
            log.stallLog());

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    private void look() {
        sender.look(List.of(home));
    }

    @Test
    void anOutboxThatCannotBeReadIsNamedOnceAndAgainWhenItGoesOn() throws SQLException {
        run(OutboxTables.ddl("").toArray(String[]::new));
        look();
        run("ALTER TABLE floodlock_outbox RENAME COLUMN queue TO renamed");
        look();
        look();
        assertEquals(1, log.written().size(), log.written()::toString);
        assertTrue(
                log.written().get(0).startsWith("WARN The outbox of shop is stalled: it can't be read: "),
                log.written()::toString);
        run("ALTER TABLE floodlock_outbox RENAME COLUMN renamed TO queue");
        look();
        assertEquals(2, log.written().size(), log.written()::toString);
        assertTrue(
                log.written().get(1).startsWith("INFO The outbox of shop continues after "), log.written()::toString);
    }

    @Test
    void aDatabaseWithoutOutboxHasNothingToSay() {
        look();
        home.refuses = true;
        look();
        assertEquals(List.of(), log.written());
    }

    @Test
    void callsThatCannotBeSentAreNamed() {
        home.refuses = true;
        // their sending is all that this JVM knows of the database
        sender.committed(home, List.of(new OutboxTables.Bucket("application:orders", 3)));
        log.await("WARN The sending of calls from the outbox of shop is stalled: connection refused");
        look();
        log.await("WARN The outbox of shop is stalled: it can't be read: connection refused");
    }
}
