package io.floodlock.runtime.queue.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.tx.engine.LogLines;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.testkit.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
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

    /** The buckets of a master that is dead, in a cluster. */
    @Test
    void aBucketThatTheStoreRefusesHoldsUpNoOther() throws Exception {
        run(OutboxTables.ddl("").toArray(String[]::new));
        OutboxTables.Bucket dead = new OutboxTables.Bucket("application:dead", 3);
        OutboxTables.Bucket live = new OutboxTables.Bucket("application:live", 3);
        CountDownLatch again = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            OutboxSender tasks = new OutboxSender(
                    "application",
                    null,
                    queue -> {
                        if (queue.equals("dead")) {
                            again.countDown();
                            if (again.getCount() == 0) {
                                awaitQuietly(gate);
                            }
                            throw Failure.UNAVAILABLE.because("its master is dead");
                        }
                        return null;
                    },
                    threads,
                    timer,
                    log.stallLog());
            tasks.committed(home, List.of(dead));
            log.await("WARN Bucket 3 of the queued calls of application:dead in the outbox of shop is stalled:");
            tasks.committed(home, List.of(dead));
            again.await();

            tasks.committed(home, List.of(live));

            Await.until(
                    "the other bucket is sent",
                    Duration.ofSeconds(30),
                    () -> tasks.unsent().count(live.queue()) == 0);
            assertEquals(1, tasks.unsent().count(dead.queue()));
        } finally {
            gate.countDown();
            threads.shutdown();
        }
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
