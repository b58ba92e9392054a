package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.dialect.PostgresTxDialect;
import io.floodlock.runtime.tx.dialect.TxDialect;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases as they come: without prepared transactions, with a role that may create nothing, of another kind, cloned. */
class SettingsOfDatabasesIT {

    private Transactions engine;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "settings")), Events.NONE, () -> null);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void transfer(Bank from, Bank to) throws Exception {
        Scopes.run(engine, () -> {
            from.add(1, -10);
            to.add(1, 10);
        });
    }

    @Test
    void oneDatabaseThatCannotPrepareHostsTheDecision() throws Exception {
        try (Bank a = Bank.pooled(engine, Servers.database());
                Bank b = Bank.pooled(engine, Servers.databaseOnSecond())) {
            transfer(a, b);
            assertEquals(List.of(990L, 1010L), List.of(a.balance(1), b.balance(1)));
            assertEquals(1, b.decisions('C'));
        }
    }

    @Test
    void twoThatCannotPrepareAreToldTheSetting() {
        try (Bank a = Bank.pooled(engine, Servers.databaseOnSecond());
                Bank b = Bank.pooled(engine, Servers.databaseOnSecond())) {
            FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transfer(a, b));
            assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
            assertTrue(failure.getMessage().contains("max_prepared_transactions"), failure::getMessage);
            assertTrue(failure.getMessage().contains("restart"), failure::getMessage);
            assertEquals(List.of(1000L, 1000L), List.of(a.balance(1), b.balance(1)));
        }
    }

    @Test
    void aRoleWithoutCreateIsToldTheTableAndWorksOnceItExists() throws Exception {
        String first = Servers.database();
        String second = Servers.database();
        try (Bank adminA = Bank.simple(engine, first);
                Bank adminB = Bank.simple(engine, second)) {
            adminA.run("DO $$ BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
            for (Bank admin : List.of(adminA, adminB)) {
                admin.run("GRANT ALL ON account TO clerk");
            }
            try (Bank a = Bank.existing(engine, first.replace("user=postgres", "user=clerk"));
                    Bank b = Bank.existing(engine, second.replace("user=postgres", "user=clerk"))) {
                FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transfer(a, b));
                assertTrue(failure.getMessage().contains("CREATE TABLE"), failure::getMessage);
                assertTrue(failure.getMessage().contains("TO clerk"), failure::getMessage);
                assertEquals(List.of(1000L, 1000L), List.of(adminA.balance(1), adminB.balance(1)));

                a.read(1);
                Scopes.run(engine, () -> a.add(1, -1));
                assertEquals(999, adminA.balance(1), "one database alone needs no table");

                String message = failure.getMessage();
                adminB.run(message.substring(message.lastIndexOf("CREATE TABLE")));
                transfer(a, b);
                assertEquals(List.of(989L, 1010L), List.of(adminA.balance(1), adminB.balance(1)));
                assertEquals(1, adminB.decisions('C'));
            }
        }
    }

    @Test
    void aCopiedIdOfAnotherDatabaseIsRefused() throws Exception {
        String first = Servers.database();
        String second = Servers.database();
        try (Bank a = Bank.simple(engine, first);
                Bank b = Bank.simple(engine, second)) {
            Scopes.run(engine, () -> a.add(1, 1));
            b.run(DecisionTable.ddl("public"));
            String id = a.text("SELECT branches FROM floodlock_tx WHERE state = 'I'");
            b.run("UPDATE floodlock_tx SET branches = '" + id + "'");
            FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transfer(a, b));
            assertEquals(Failure.ILLEGAL_TRANSACTION, failure.kind());
            assertTrue(failure.getMessage().contains("cloned"), failure::getMessage);
        }
    }

    /** The tombstone's INSERT was first: the row's key refuses the decision, and the work goes with it. */
    @Test
    void aTombstoneRefusesTheDecisionAndOldTransactionsFail() throws Exception {
        String url = Servers.database();
        try (Bank a = Bank.simple(engine, url)) {
            Scopes.run(engine, () -> a.add(1, 1));
            try (var own = java.sql.DriverManager.getConnection(url);
                    var zombie = java.sql.DriverManager.getConnection(url)) {
                TxDialect dialect = new PostgresTxDialect();
                Database home = new Database(dialect, "a", a.source(), DecisionTable.read(own, "a"));
                String table = home.table();
                Gid gid = new Gid("settings", DecisionTable.identity(own, table), Ids.next(), 1000);
                assertEquals(
                        'A',
                        dialect.recovery()
                                .tombstone(own, table, gid)
                                .orElseThrow()
                                .state());
                zombie.setAutoCommit(false);
                Bank.add(zombie, 1, 100);
                SQLException refused = assertThrows(
                        SQLException.class, () -> dialect.decide(zombie, home.facts(), gid, "branch", null));
                assertEquals("23505", refused.getSQLState());
                zombie.rollback();
                assertEquals(1001, a.balance(1));

                Gid other = new Gid("settings", "-".repeat(22), Ids.next(), 1000);
                assertThrows(
                        SQLException.class, () -> dialect.recovery().tombstone(own, table, other), "another table's");
            }
        }
    }
}
