package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only the role that has prepared a branch may finish it: nothing is prepared that recovery could not finish. */
class RolesIT {

    private final LogLines stalls = new LogLines();
    private Transactions engine;
    private Bank adminA;
    private Bank adminB;

    @BeforeEach
    void open() {
        engine = new Transactions(
                Settings.of(Map.of("namespace", "roles")),
                Events.NONE,
                () -> null,
                new RecoveryTiming(300, 500, 200),
                stalls.stallLog());
        adminA = Bank.simple(engine, Servers.shared(0));
        adminB = Bank.simple(engine, Servers.shared(1));
        for (Bank bank : List.of(adminA, adminB)) {
            for (String role : List.of("teller LOGIN", "cashier LOGIN", "tenant_1")) {
                bank.run("DO $$ BEGIN CREATE ROLE " + role + "; EXCEPTION WHEN duplicate_object THEN END $$");
            }
            bank.run("ALTER ROLE teller RESET role");
            bank.run("GRANT tenant_1 TO teller, cashier");
            bank.run("GRANT ALL ON SCHEMA public TO teller, cashier");
            bank.run("GRANT ALL ON account TO teller, cashier, tenant_1");
            bank.run(DecisionTable.ddl("public"));
            bank.run("GRANT ALL ON floodlock_tx TO teller, cashier, tenant_1");
        }
    }

    @AfterEach
    void close() {
        engine.close();
        for (Bank bank : List.of(adminA, adminB)) {
            bank.run("REVOKE ALL ON floodlock_tx FROM tenant_1");
        }
        adminA.close();
        adminB.close();
    }

    private static String as(String login, Bank bank) {
        return bank.url().replace("user=postgres", "user=" + login);
    }

    private HikariDataSource pool(String url, String initSql) {
        return pool(url, initSql, null);
    }

    private HikariDataSource pool(String url, String initSql, String user) {
        HikariConfig config = new HikariConfig();
        config.setUsername(user);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setConnectionInitSql(initSql);
        return new HikariDataSource(config);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertUntouched() {
        assertEquals(List.of(1000L, 1000L), List.of(adminA.balance(1), adminB.balance(1)));
        assertEquals(0, adminB.prepared());
    }

    /** In b, which is prepared as a is enlisted first, these are run before the update. */
    private void transferWith(HikariDataSource a, HikariDataSource b, String... before) throws Exception {
        Scopes.run(engine, () -> {
            try (Connection from = new Woven(engine, a).getConnection();
                    Connection to = new Woven(engine, b).getConnection()) {
                Bank.add(from, 1, -10);
                for (String sql : before) {
                    run(to, sql);
                }
                Bank.add(to, 1, 10);
            }
        });
    }

    @Test
    void aRoleSetInTheTransactionIsRefusedBeforeAnythingIsPrepared() {
        adminB.run("CREATE OR REPLACE FUNCTION become_tenant() RETURNS void LANGUAGE sql AS"
                + " $$ SELECT set_config('role', 'tenant_1', true) $$");
        try (HikariDataSource a = pool(as("teller", adminA), null);
                HikariDataSource b = pool(as("teller", adminB), null)) {
            for (String sql :
                    List.of("SET LOCAL ROLE tenant_1", "SET ROLE tenant_1; RESET work_mem", "SELECT become_tenant()")) {
                FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transferWith(a, b, sql), sql);
                assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
                for (String part : List.of("tenant_1", "connects as teller", "floodlock.tx.home", "RESET ROLE")) {
                    assertTrue(failure.getMessage().contains(part), failure::getMessage);
                }
                assertUntouched();
                b.getHikariPoolMXBean().softEvictConnections();
            }
        }
    }

    /** The positive control: PostgreSQL itself lets that role prepare, and then nobody but that role finish. */
    @Test
    void withoutTheCheckThePreparedBranchCouldNotBeFinished() throws Exception {
        try (Connection teller = DriverManager.getConnection(as("teller", adminB))) {
            teller.setAutoCommit(false);
            run(teller, "SET LOCAL ROLE tenant_1");
            Bank.add(teller, 1, 10);
            run(teller, "PREPARE TRANSACTION 'control'");
            teller.setAutoCommit(true);
            SQLException denied = assertThrows(SQLException.class, () -> run(teller, "COMMIT PREPARED 'control'"));
            assertEquals("42501", denied.getSQLState());
        }
        adminB.run("ROLLBACK PREPARED 'control'");
        assertUntouched();
    }

    @Test
    void aRoleThatIsResetOrOnlySetWhereNothingIsPreparedIsFine() throws Exception {
        try (HikariDataSource a = pool(as("teller", adminA), null);
                HikariDataSource b = pool(as("teller", adminB), null)) {
            Scopes.run(engine, () -> {
                try (Connection from = new Woven(engine, a).getConnection();
                        Connection to = new Woven(engine, b).getConnection()) {
                    run(from, "SET LOCAL ROLE tenant_1");
                    Bank.add(from, 1, -10);
                    run(to, "SET LOCAL ROLE tenant_1");
                    Bank.add(to, 1, 10);
                    run(to, "RESET ROLE");
                }
            });
            assertEquals(List.of(990L, 1010L), List.of(adminA.balance(1), adminB.balance(1)));
            assertEquals(1, adminA.decisions('C'));
        }
    }

    @Test
    void theRoleThatInsertsTheDecisionIsToldTheRightItLacks() {
        adminA.run("REVOKE ALL ON floodlock_tx FROM tenant_1");
        try (HikariDataSource a = pool(as("teller", adminA), "SET ROLE tenant_1");
                HikariDataSource b = pool(as("teller", adminB), null)) {
            FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transferWith(a, b));
            assertTrue(failure.getMessage().contains("GRANT SELECT, INSERT, DELETE"), failure::getMessage);
            assertUntouched();
        }
    }

    /** A superuser finishes everybody's. */
    @Test
    void whereRecoveryIsASuperuserAnyRoleMayPrepare() throws Exception {
        try (HikariDataSource a = pool(adminA.url(), null);
                HikariDataSource b = pool(adminB.url(), null)) {
            transferWith(a, b, "SET LOCAL ROLE tenant_1");
            assertEquals(List.of(990L, 1010L), List.of(adminA.balance(1), adminB.balance(1)));
            transferWith(a, b, "SET LOCAL SESSION AUTHORIZATION teller");
            assertEquals(List.of(980L, 1020L), List.of(adminA.balance(1), adminB.balance(1)));
            assertEquals(0, adminB.prepared());
        }
    }

    /** What a pool runs first isn't run on recovery's connections; what the server sets for the login is. */
    @Test
    void aRoleSetByThePoolIsRefusedWithTheSettingThatWorks() throws Exception {
        String setting;
        try (HikariDataSource a = pool(as("teller", adminA), "SET ROLE tenant_1");
                HikariDataSource b = pool(as("teller", adminB), "SET ROLE tenant_1")) {
            FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> transferWith(a, b));
            String message = failure.getMessage();
            setting = message.substring(message.indexOf("ALTER ROLE"));
            assertUntouched();
        }
        adminB.run(setting);
        try (Transactions later = new Transactions(
                        Settings.of(Map.of("namespace", "roles")),
                        Events.NONE,
                        () -> null,
                        new RecoveryTiming(300, 500, 200));
                HikariDataSource a = pool(as("teller", adminA), null);
                HikariDataSource b = pool(as("teller", adminB), null)) {
            Scopes.run(later, () -> {
                try (Connection from = new Woven(later, a).getConnection();
                        Connection to = new Woven(later, b).getConnection()) {
                    Bank.add(from, 1, -10);
                    Bank.add(to, 1, 10);
                }
            });
            assertEquals(List.of(990L, 1010L), List.of(adminA.balance(1), adminB.balance(1)));
            plant(later, as("teller", adminB), "SET ROLE tenant_1");
            Await.until(
                    "recovery as the role that the server sets", Duration.ofSeconds(20), () -> adminB.prepared() == 0);
        } finally {
            adminB.run("ALTER ROLE teller RESET role");
        }
    }

    /** The pool's own connections are still those of the credentials before. */
    @Test
    void rotatedCredentialsAreNoticed() throws Exception {
        try (HikariDataSource a = pool(adminA.url(), null);
                HikariDataSource b = pool(adminB.url().replace("user=postgres", "ssl=false"), null, "teller")) {
            transferWith(a, b);
            b.getHikariConfigMXBean().setUsername("cashier");
            Await.until("a sweep with the new credentials", Duration.ofSeconds(20), () -> {
                try {
                    transferWith(a, b);
                    return false;
                } catch (FloodlockFailure e) {
                    return e.getMessage().contains("role teller")
                            && e.getMessage().contains("connects as cashier");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(2000, adminA.balance(1) + adminB.balance(1));
            assertEquals(0, adminB.prepared());
        }
    }

    @Test
    void aBranchOfAnotherOwnerIsSaidWithTheRemedyAndWhenItGoesOn() throws Exception {
        try (HikariDataSource a = pool(as("teller", adminA), null);
                HikariDataSource b = pool(as("teller", adminB), null)) {
            transferWith(a, b);
            String name = plant(engine, as("cashier", adminB), "SELECT 1");
            String line = stalls.await("WARN", name, "role cashier", "connects as teller", "ROLLBACK PREPARED");
            assertEquals(1, adminB.prepared());
            String remedy = line.substring(line.indexOf("ROLLBACK PREPARED"));
            adminB.run(remedy);
            stalls.await("INFO", name, "continues");
            assertEquals(2, stalls.written().size(), () -> stalls.written().toString());
        }
    }

    /** Another connection of this JVM may do what the one may not: nothing is said, and it is done. */
    @Test
    void aBranchThatAnotherPoolMayFinishIsFinishedWithoutAWord() throws Exception {
        try (HikariDataSource a = pool(as("teller", adminA), null);
                HikariDataSource b = pool(as("teller", adminB), null);
                HikariDataSource c = pool(as("cashier", adminB), null)) {
            transferWith(a, b);
            new Woven(engine, c).getConnection().close();
            plant(engine, as("cashier", adminB), "SELECT 1");
            Await.until("recovery through the other pool", Duration.ofSeconds(20), () -> adminB.prepared() == 0);
            assertEquals(List.of(), stalls.written());
        }
    }

    /** What a JVM leaves that died between PREPARE and decision, after 1 ms. */
    private String plant(Transactions known, String url, String before) throws Exception {
        String home = adminA.text("SELECT gid FROM floodlock_tx WHERE state = 'C' LIMIT 1");
        String table = Gid.parse(home).orElseThrow().table();
        Gid gid = new Gid("roles", table, Ids.next(), 1);
        Gid.BranchName name = new Gid.BranchName(gid, Gid.BranchName.branch("-".repeat(22), 1));
        try (Connection dead = DriverManager.getConnection(url)) {
            dead.setAutoCommit(false);
            run(dead, before);
            Bank.add(dead, 2, 1000);
            run(dead, "PREPARE TRANSACTION '" + name.text() + "'");
        }
        known.recover();
        return name.text();
    }
}
