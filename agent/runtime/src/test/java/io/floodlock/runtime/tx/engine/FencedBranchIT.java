package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.Holders;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.runtime.lock.LockMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fenced scopes around a transaction over two databases: each branch claims. */
class FencedBranchIT {

    private final Holders holders = new Holders();
    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "branches")), Events.NONE, () -> holders);
        a = Bank.pooled(engine, Servers.shared(0));
        b = Bank.pooled(engine, Servers.shared(1));
    }

    @AfterEach
    void close() {
        holders.work();
        a.close();
        b.close();
        engine.close();
    }

    private static Holder holder() {
        long token = System.nanoTime() / 1000 + 2_000_000_000_000_000L;
        return new Holder("order:1", LockMode.EXCLUSIVE, token, "session." + token);
    }

    private void transfer() throws Exception {
        Scopes.run(engine, () -> {
            a.add(1, -10);
            b.add(1, 10);
        });
    }

    private List<Long> balances() {
        return List.of(a.balance(1), b.balance(1));
    }

    @Test
    void eachDatabaseKnowsTheHolder() throws Exception {
        Holder holder = holder();
        holders.work(holder);
        transfer();
        assertEquals(List.of(990L, 1010L), balances());
        for (Bank bank : List.of(a, b)) {
            assertEquals(
                    holder.token(), bank.number("SELECT token FROM floodlock_fence WHERE name = 'branches:order:1'"));
        }
    }

    @Test
    void whatOneDatabaseRefusesIsRolledBackInAll() throws Exception {
        Holder late = holder();
        Holder now = holder();
        assertTrue(now.token() > late.token());
        holders.work(now);
        b.add(1, 0);
        holders.work(late);
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, this::transfer);
        assertEquals(Failure.STALE_LOCK, failure.kind());
        assertEquals(List.of(1000L, 1000L), balances());
        assertEquals(0, a.prepared() + b.prepared());
    }

    /** Positive control. */
    @Test
    void withoutAFenceItCommits() throws Exception {
        holders.work(holder());
        b.add(1, 0);
        holders.work();
        transfer();
        assertEquals(List.of(990L, 1010L), balances());
    }

    @Test
    void aTransactionOfItsOwnBesideABranchIsNotWaitedFor() throws Exception {
        holders.work(holder());
        try (Connection beside = a.connection()) {
            beside.setAutoCommit(false);
            Bank.add(beside, 2, 1);
            transfer();
            beside.commit();
        }
        assertEquals(List.of(990L, 1010L), balances());
        assertEquals(1001, a.balance(2));
    }

    @Test
    void aSavepointInABranchIsClaimedFor() throws Exception {
        holders.work(holder());
        Scopes.run(engine, () -> {
            try (Connection connection = a.connection()) {
                Savepoint savepoint = connection.setSavepoint();
                Bank.add(connection, 1, 5);
                connection.rollback(savepoint);
                Bank.add(connection, 1, 7);
            }
        });
        assertEquals(1007, a.balance(1));
        assertThrows(SQLException.class, () -> a.add(1, -5000), "the check of the account still stands");
    }
}
