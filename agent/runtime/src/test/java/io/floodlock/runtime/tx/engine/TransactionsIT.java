package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxPropagation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a method's body and its caller see of a transaction over two databases. */
class TransactionsIT {

    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of("namespace", "test")), Events.NONE, () -> null);
        a = Bank.pooled(engine, Servers.shared(0));
        b = Bank.simple(engine, Servers.shared(1));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        engine.close();
    }

    private void transfer(long amount) throws SQLException {
        a.add(1, -amount);
        b.add(1, amount);
    }

    private void assertBalances(long first, long second) {
        assertEquals(List.of(first, second), List.of(a.balance(1), b.balance(1)));
        assertEquals(0, a.prepared() + b.prepared(), "branches left prepared");
    }

    /** Of that kind, from a call with that body. */
    private FloodlockFailure failure(Failure kind, Scopes.Body body) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> Scopes.run(engine, body));
        assertEquals(kind, failure.kind(), failure::getMessage);
        return failure;
    }

    @Test
    void bothDatabasesHaveItWhenTheMethodReturns() throws Exception {
        Scopes.run(engine, () -> transfer(10));
        assertBalances(990, 1010);
        assertEquals(1, a.decisions('C'));
    }

    @Test
    void nothingIsLeftWhenItThrowsUnchecked() {
        IllegalStateException thrown = new IllegalStateException("body");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> Scopes.run(engine, () -> {
                            transfer(10);
                            throw thrown;
                        })));
        assertBalances(1000, 1000);
    }

    /** The positive control: the same failure between the two updates, without the scope. */
    @Test
    void withoutTheScopeTheSameFailureTearsTheTransfer() {
        assertThrows(IllegalStateException.class, () -> {
            a.add(1, -10);
            if (a.balance(1) == 990) {
                throw new IllegalStateException("body");
            }
            b.add(1, 10);
        });
        assertBalances(990, 1000);
    }

    @Test
    void checkedExceptionsCommitUnlessARuleSaysOtherwise() throws Exception {
        assertThrows(
                IOException.class,
                () -> Scopes.run(engine, () -> {
                    transfer(10);
                    throw new IOException("checked");
                }));
        assertBalances(990, 1010);
        TxAttributes rollback = new TxAttributes(
                TxPropagation.REQUIRED, Duration.ofSeconds(30), List.of("java.lang.Exception"), List.of(), "site");
        assertThrows(
                IOException.class,
                () -> Scopes.run(engine, rollback, () -> {
                    transfer(10);
                    throw new IOException("checked");
                }));
        assertBalances(990, 1010);
        TxAttributes closest = new TxAttributes(
                TxPropagation.REQUIRED,
                Duration.ofSeconds(30),
                List.of("java.lang.Exception"),
                List.of("java.lang.IllegalStateException"),
                "site");
        assertThrows(
                IllegalStateException.class,
                () -> Scopes.run(engine, closest, () -> {
                    transfer(10);
                    throw new IllegalStateException("unchecked, but a closer rule commits");
                }));
        assertBalances(980, 1020);
    }

    @Test
    void innerCommitIsAVoteAndInnerRollbackEndsIt() throws Exception {
        Scopes.run(engine, () -> {
            try (Connection connection = a.connection()) {
                connection.setAutoCommit(false);
                Bank.add(connection, 1, -10);
                connection.commit();
                assertEquals(1000, a.balance(1), "committed by the vote alone");
            }
            b.add(1, 10);
        });
        assertBalances(990, 1010);

        FloodlockFailure failure = failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
            b.add(1, 10);
            try (Connection connection = a.connection()) {
                connection.setAutoCommit(false);
                Bank.add(connection, 1, -10);
                connection.rollback();
            }
        });
        assertTrue(failure.getMessage().contains("rolled back inside the method"), failure::getMessage);
        assertBalances(990, 1010);
    }

    @Test
    void savepointsWork() throws Exception {
        Scopes.run(engine, () -> {
            try (Connection connection = a.connection()) {
                connection.setAutoCommit(false);
                Bank.add(connection, 1, -10);
                Savepoint before = connection.setSavepoint();
                Bank.add(connection, 1, -500);
                assertThrows(SQLException.class, () -> Bank.add(connection, 1, -5000));
                connection.rollback(before);
            }
            b.add(1, 10);
        });
        assertBalances(990, 1010);
    }

    @Test
    void anErrorThatTheMethodCaughtStillRollsBack() {
        FloodlockFailure failure = failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
            b.add(1, 10);
            assertThrows(SQLException.class, () -> a.add(1, -5000));
        });
        assertInstanceOf(SQLException.class, failure.getCause());
        assertBalances(1000, 1000);
    }

    @Test
    void oneDatabaseIsOneBranchHoweverManyConnections() throws Exception {
        try (Bank again = Bank.pooled(engine, a.url() + "&ApplicationName=other")) {
            Scopes.run(engine, () -> {
                try (Connection first = a.connection();
                        Connection second = again.connection();
                        Connection third = a.connection()) {
                    Bank.add(first, 1, -10);
                    Bank.add(second, 1, -10);
                    Bank.add(third, 2, 20);
                    assertEquals(980, again.read(1));
                }
                assertEquals(1, a.pool().getHikariPoolMXBean().getActiveConnections());
            });
            assertEquals(980, a.balance(1));
            assertEquals(1020, a.balance(2));
            assertEquals(0, a.decisions('C'), "one branch commits in one phase");
            assertEquals(0, a.pool().getHikariPoolMXBean().getActiveConnections());
            assertEquals(0, again.pool().getHikariPoolMXBean().getActiveConnections());
        }
    }

    @Test
    void aBranchThatOnlyReadIsLeftOut() throws Exception {
        Scopes.run(engine, () -> {
            b.add(1, b.read(1));
            assertEquals(1000, a.read(1));
        });
        assertBalances(1000, 2000);
        assertEquals(0, a.decisions('C') + b.decisions('C'), "one writer needs no decision");
    }

    @Test
    void aFunctionThatWritesIsNoRead() throws Exception {
        a.run("CREATE OR REPLACE FUNCTION take(n int) RETURNS int LANGUAGE sql AS"
                + " 'UPDATE account SET balance = balance - n WHERE id = 1 RETURNING 1'");
        Scopes.run(engine, () -> {
            b.add(1, 10);
            try (Connection connection = a.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT take(10)");
            }
        });
        assertBalances(990, 1010);
        assertEquals(1, a.decisions('C') + b.decisions('C'));
    }

    @Test
    void theTimeoutEndsWhatRunsAndSaysWhereTheTimeWent() {
        // long enough for a busy machine to come as far as the statement that is cut
        TxAttributes brief = Scopes.attributes(TxPropagation.REQUIRED, Duration.ofSeconds(2));
        SQLException cancelled = assertThrows(
                SQLException.class,
                () -> Scopes.run(engine, brief, () -> {
                    b.add(1, 10);
                    try (Connection connection = a.connection();
                            Statement statement = connection.createStatement()) {
                        statement.execute("SELECT pg_sleep(60)");
                    }
                }));
        assertEquals(1, cancelled.getSuppressed().length, "the rolled-back transaction is told beside the body's own");
        String message = cancelled.getSuppressed()[0].getMessage();
        assertTrue(message.contains("timeout of 2000 ms") && message.contains("(the last: SELECT)"), message);
        assertBalances(1000, 1000);
    }

    @Test
    void propagation() throws Exception {
        assertNull(engine.currentId());
        assertEquals(
                Failure.ILLEGAL_TRANSACTION,
                assertThrows(
                                FloodlockFailure.class,
                                () -> engine.enter(Scopes.attributes(TxPropagation.MANDATORY, Duration.ofSeconds(1))))
                        .kind());
        assertThrows(
                FloodlockFailure.class,
                () -> engine.enter(Scopes.attributes(TxPropagation.REQUIRED, Duration.ofMinutes(51))));
        Scopes.run(engine, () -> {
            String outer = engine.currentId();
            assertNotNull(outer);
            a.add(1, -10);
            assertThrows(
                    FloodlockFailure.class,
                    () -> engine.enter(Scopes.attributes(TxPropagation.NEVER, Duration.ofSeconds(1))));
            Scopes.run(engine, () -> {
                assertEquals(outer, engine.currentId());
                b.add(1, 10);
            });
            assertEquals(1000, b.balance(1), "a joined method's end commits nothing");
            Scopes.run(engine, Scopes.attributes(TxPropagation.REQUIRES_NEW, Duration.ofSeconds(30)), () -> {
                assertNotEquals(outer, engine.currentId());
                b.add(2, 5);
            });
            assertEquals(1005, b.balance(2), "its own transaction commits at its own end");
            Scopes.run(engine, Scopes.attributes(TxPropagation.NOT_SUPPORTED, Duration.ofSeconds(30)), () -> {
                assertNull(engine.currentId());
                a.add(3, 7);
                assertEquals(1007, a.balance(3));
            });
            assertEquals(outer, engine.currentId());
        });
        assertBalances(990, 1010);
        assertNull(engine.currentId());
    }

    @Test
    void aJoinedMethodThatThrowsDoomsTheWhole() {
        failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
            a.add(1, -10);
            assertThrows(
                    IllegalStateException.class,
                    () -> Scopes.run(engine, () -> {
                        b.add(1, 10);
                        throw new IllegalStateException("inner");
                    }));
        });
        assertBalances(1000, 1000);
    }

    @Test
    void whatCannotBePreparedIsToldWithTheRemedy() {
        FloodlockFailure failure = failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
            a.add(1, -10);
            b.add(1, 10);
            try (Connection connection = b.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMP TABLE scratch (n int)");
            }
        });
        assertTrue(failure.getMessage().contains("floodlock.tx.home"), failure::getMessage);
        assertBalances(1000, 1000);
    }

    @Test
    void theConfiguredHomeHostsTheDecision() throws Exception {
        try (Transactions other = new Transactions(
                        Settings.of(Map.of("namespace", "test", "tx.home", b.url())), Events.NONE, () -> null);
                Bank a2 = Bank.pooled(other, a.url());
                Bank b2 = Bank.simple(other, b.url())) {
            Scopes.run(other, () -> {
                a2.add(1, -10);
                b2.add(1, 10);
                try (Connection connection = b2.connection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("NOTIFY done");
                }
            });
            assertBalances(990, 1010);
            assertEquals(1, b.decisions('C'));
        }
    }

    @Test
    void sqlTextMayNotEndTheTransaction() {
        for (String text : List.of("COMMIT", "UPDATE account SET balance = 0; COMMIT", "ROLLBACK", "BEGIN")) {
            FloodlockFailure failure = assertThrows(
                    FloodlockFailure.class,
                    () -> Scopes.run(engine, () -> {
                        b.add(1, 10);
                        a.add(1, -10);
                        try (Connection connection = a.connection();
                                Statement statement = connection.createStatement()) {
                            statement.execute(text);
                        }
                    }),
                    text);
            assertEquals(Failure.ILLEGAL_TRANSACTION, failure.kind());
            assertBalances(1000, 1000);
        }
    }

    /** Behind the driver's own object no statement is seen; the mark tells the transaction from the one begun after it. */
    @Test
    void aTransactionThatWasEndedBehindTheDriverIsNoticed() {
        for (Bank bank : List.of(a, b)) {
            failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
                a.add(1, -10);
                b.add(1, 10);
                try (Connection connection = bank.connection()) {
                    Connection driver = connection.unwrap(org.postgresql.PGConnection.class) instanceof Connection same
                            ? same
                            : null;
                    driver.createStatement().execute("ROLLBACK");
                    Bank.add(connection, 2, 1);
                }
            });
            assertBalances(1000, 1000);
            assertEquals(1000, bank.balance(2));
        }
    }

    /** PREPARE answers ROLLBACK, and no error, in a transaction that an unseen error has doomed. */
    @Test
    void aBranchThatIsDoomedUnseenIsNotTakenForPrepared() {
        failure(Failure.TRANSACTION_ROLLED_BACK, () -> {
            a.add(1, -10);
            b.add(1, 10);
            try (Connection connection = b.connection();
                    Statement driver = connection
                            .unwrap(org.postgresql.jdbc.PgConnection.class)
                            .createStatement()) {
                assertThrows(SQLException.class, () -> driver.execute("SELECT 1/0"));
            }
        });
        assertBalances(1000, 1000);
    }

    @Test
    void threeDatabasesPrepareSideBySide() throws Exception {
        try (Bank c = Bank.pooled(engine, Servers.shared(2))) {
            Scopes.run(engine, () -> {
                transfer(10);
                c.add(1, 5);
            });
            assertBalances(990, 1010);
            assertEquals(1005, c.balance(1));
            assertThrows(
                    FloodlockFailure.class,
                    () -> Scopes.run(engine, () -> {
                        transfer(10);
                        try (Connection connection = c.connection();
                                Statement statement = connection.createStatement()) {
                            statement.execute("NOTIFY x");
                        }
                    }));
            assertBalances(990, 1010);
            assertEquals(0, c.prepared());
        }
    }

    @Test
    void anotherThreadMayNotUseTheTransactionsConnection() throws Exception {
        Scopes.run(engine, () -> {
            try (Connection connection = a.connection()) {
                Bank.add(connection, 1, -10);
                CompletionException thrown = assertThrows(
                        CompletionException.class,
                        () -> CompletableFuture.runAsync(() -> {
                                    try {
                                        Bank.add(connection, 1, -10);
                                    } catch (SQLException e) {
                                        throw new IllegalStateException(e);
                                    }
                                })
                                .join());
                assertEquals(Failure.ILLEGAL_TRANSACTION, ((FloodlockFailure) thrown.getCause()).kind());
            }
            b.add(1, 10);
        });
        assertBalances(990, 1010);
    }

    @Test
    void aReaderSetReadOnlyDoesNotKeepOthersFromWriting() throws Exception {
        Scopes.run(engine, () -> {
            try (Connection reader = a.connection()) {
                reader.setReadOnly(true);
                try (Statement statement = reader.createStatement()) {
                    statement.execute("SELECT 1");
                }
                assertThrows(SQLException.class, () -> Bank.add(reader, 1, 1));
                a.add(1, -10);
            }
            b.add(1, 10);
        });
        assertBalances(990, 1010);
    }

    @Test
    void aConnectionWithWorkAlreadyOpenIsRefused() throws Exception {
        try (Connection open = a.connection()) {
            open.setAutoCommit(false);
            Bank.add(open, 1, -10);
            FloodlockFailure failure =
                    assertThrows(FloodlockFailure.class, () -> Scopes.run(engine, () -> Bank.add(open, 1, -10)));
            assertEquals(Failure.ILLEGAL_TRANSACTION, failure.kind());
            open.commit();
            Scopes.run(engine, () -> {
                Bank.add(open, 1, -10);
                b.add(1, 20);
            });
            assertFalse(open.getAutoCommit());
        }
        assertBalances(980, 1020);
    }

    @Test
    void everythingLeadsBackToTheApplicationsOwnHandles() throws Exception {
        try (Connection connection = a.connection();
                PreparedStatement statement = connection.prepareStatement("SELECT 1");
                ResultSet row = statement.executeQuery()) {
            assertSame(connection, statement.getConnection());
            assertSame(statement, row.getStatement());
            assertSame(connection, connection.getMetaData().getConnection());
            assertTrue(connection.isWrapperFor(org.postgresql.PGConnection.class));
            assertNotNull(connection.unwrap(org.postgresql.PGConnection.class).getBackendPID());
            assertTrue(connection.getAutoCommit());
        }
        Scopes.run(engine, () -> {
            Connection connection = a.connection();
            Bank.add(connection, 1, 1);
            connection.close();
            assertTrue(connection.isClosed());
            assertThrows(SQLException.class, connection::createStatement);
            try (Connection reader = a.connection()) {
                Bank.add(reader, 1, -1);
                reader.setReadOnly(true);
                assertTrue(reader.isReadOnly());
                assertThrows(SQLException.class, () -> Bank.add(reader, 1, 1));
                assertThrows(
                        FloodlockFailure.class,
                        () -> reader.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
            }
        });
    }
}
