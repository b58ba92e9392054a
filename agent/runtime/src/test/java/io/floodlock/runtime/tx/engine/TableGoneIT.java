package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import io.floodlock.runtime.tx.recovery.RecoveryTiming;
import io.floodlock.testkit.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of decisions is dropped, emptied or restored, as a schema is that is cleaned between tests. */
class TableGoneIT {

    private final LogLines stalls = new LogLines();
    private Transactions engine;
    private Bank a;
    private Bank b;
    private long moved;

    @BeforeEach
    void open() throws Exception {
        // sweeps that come late, so that it is the commit that notices
        engine = engine(new RecoveryTiming(600_000, 500, 200));
        a = Bank.simple(engine, Servers.database());
        b = Bank.simple(engine, Servers.database());
        transfer();
    }

    private Transactions engine(RecoveryTiming pace) {
        return new Transactions(
                Settings.of(Map.of("namespace", "gone")), Events.NONE, () -> null, pace, stalls.stallLog());
    }

    @AfterEach
    void close() {
        engine.close();
        a.close();
        b.close();
    }

    private void transfer() throws Exception {
        Scopes.run(engine, () -> {
            a.add(1, -10);
            b.add(1, 10);
        });
        moved += 10;
    }

    @Test
    void oneTransactionFailsWithTheReasonAndTheNextWorks() throws Exception {
        for (String change : List.of(
                "DROP TABLE floodlock_tx",
                "TRUNCATE floodlock_tx",
                "DROP TABLE floodlock_tx; " + DecisionTable.ddl("public"),
                "VACUUM FULL floodlock_tx")) {
            a.run(change);
            FloodlockFailure failure = assertThrows(FloodlockFailure.class, this::transfer, change);
            assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
            assertTrue(failure.getMessage().contains("floodlock_tx"), failure::getMessage);
            assertTrue(failure.getMessage().contains("next transaction"), failure::getMessage);
            transfer();
            transfer();
            assertEquals(List.of(1000 - moved, 1000 + moved), List.of(a.balance(1), b.balance(1)), change);
            assertEquals(0, a.prepared() + b.prepared());
            String id = a.text("SELECT branches FROM floodlock_tx WHERE state = 'I'");
            String table = Ids.of(java.util.UUID.fromString(id));
            assertTrue(
                    a.text("SELECT max(gid) FROM floodlock_tx WHERE state = 'C'")
                            .contains(":" + table + ":"),
                    "decisions name the table they are in");
        }
    }

    /** What was prepared for a decision in a table that is no more waits, and that is said: nobody guesses. */
    @Test
    void aBranchWhoseDecisionWentWithTheTableIsSaid() throws Exception {
        String home = a.text("SELECT max(gid) FROM floodlock_tx WHERE state = 'C'");
        String table = Gid.parse(home).orElseThrow().table();
        Gid.BranchName name =
                new Gid.BranchName(new Gid("gone", table, Ids.next(), 1), Gid.BranchName.branch("-".repeat(22), 1));
        try (Connection dead = DriverManager.getConnection(b.url())) {
            dead.setAutoCommit(false);
            Bank.add(dead, 2, 1);
            dead.createStatement().execute("PREPARE TRANSACTION '" + name.text() + "'");
        }
        a.run("DROP TABLE floodlock_tx; " + DecisionTable.ddl("public"));
        try (Transactions other = engine(new RecoveryTiming(300, 500, 200));
                Bank seenA = Bank.existing(other, a.url());
                Bank seenB = Bank.existing(other, b.url())) {
            seenA.connection().close();
            seenB.connection().close();
            other.recover();
            stalls.await("WARN", name.text(), "dropped, restored or cloned", table);
            assertEquals(1, b.prepared());
            b.run("ROLLBACK PREPARED '" + name.text() + "'");
            stalls.await("INFO", name.text(), "continues");
        }
    }

    /** A database that hangs delays no other, and is named. */
    @Test
    void aSweepGoesRoundADatabaseThatCannotBeReached() throws Exception {
        try (Transactions other = engine(new RecoveryTiming(300, 500, 200));
                Bank seenA = Bank.simple(other, a.url());
                io.floodlock.testkit.WireProxy proxy =
                        io.floodlock.testkit.WireProxy.postgres(Servers.first().port());
                Bank seenB = Bank.simple(other, proxy.through(b.url()))) {
            seenA.balanceThroughAgent();
            seenB.balanceThroughAgent();
            other.recover();
            proxy.refuse();
            stalls.await("WARN", "recovery at a connection to");
            String home = a.text("SELECT max(gid) FROM floodlock_tx WHERE state = 'C'");
            Gid gid = new Gid("gone", Gid.parse(home).orElseThrow().table(), Ids.next(), 1);
            Gid.BranchName name = new Gid.BranchName(gid, Gid.BranchName.branch("-".repeat(22), 1));
            try (Connection dead = DriverManager.getConnection(a.url())) {
                dead.setAutoCommit(false);
                Bank.add(dead, 2, 1);
                dead.createStatement().execute("PREPARE TRANSACTION '" + name.text() + "'");
            }
            Await.until("recovery of the other", Duration.ofSeconds(30), () -> a.prepared() == 0);
            proxy.accepting();
            stalls.await("INFO", "recovery at a connection to", "continues");
        }
    }
}
