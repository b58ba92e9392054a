package io.floodlock.runtime.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.jdbc.LocalTransaction.Outcome;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection tells of its transactions, over a driver that does nothing and sometimes fails. */
class LocalTransactionTest {

    private boolean autoCommit = true;
    private boolean failing;
    private String state = "08006";
    private final List<Outcome> heard = new ArrayList<>();
    private final TrackedConnection connection = over(driver());

    @AfterEach
    void nothingIsLeftOnTheThread() throws SQLException {
        failing = false;
        connection.close();
        assertEquals(List.of(), LocalTransaction.ofThread());
    }

    @Test
    void noneBeginsWhileTheDriverCommitsByItself() throws SQLException {
        run();
        assertEquals(List.of(), LocalTransaction.ofThread());
    }

    @Test
    void turningAutoCommitOffBeginsOneAndAStatementMakesItDirty() throws SQLException {
        connection.setAutoCommit(false);
        LocalTransaction begun = only();
        assertFalse(begun.dirty());
        run();
        assertTrue(begun.dirty());
        begun.onEnd(heard::add);
        connection.commit();
        assertFalse(begun.open());
        assertEquals(List.of(Outcome.COMMITTED), heard);
        assertEquals(List.of(), LocalTransaction.ofThread());
        assertThrows(IllegalStateException.class, () -> begun.onEnd(heard::add));
    }

    @Test
    void theNextOneBeginsWithItsFirstStatement() throws SQLException {
        connection.setAutoCommit(false);
        connection.rollback();
        assertEquals(List.of(), LocalTransaction.ofThread());
        run();
        only().onEnd(heard::add);
        connection.rollback();
        assertEquals(List.of(Outcome.ROLLED_BACK), heard);
    }

    @Test
    void turningAutoCommitOnCommits() throws SQLException {
        connection.setAutoCommit(false);
        only().onEnd(heard::add);
        connection.setAutoCommit(true);
        assertEquals(List.of(Outcome.COMMITTED), heard);
    }

    @Test
    void whereTheDriverFailsTheOutcomeIsUnknown() throws SQLException {
        connection.setAutoCommit(false);
        run();
        only().onEnd(heard::add);
        failing = true;
        assertThrows(SQLException.class, connection::commit);
        assertEquals(List.of(Outcome.UNKNOWN), heard);
    }

    @Test
    void whatTheDatabaseRefusedToCommitIsRolledBack() throws SQLException {
        for (String refused : List.of("40001", "40P01", "23505", "25P02")) {
            assertEquals(Outcome.ROLLED_BACK, commitFailingWith(refused), refused);
        }
        for (String open : List.of("40003", "08006", "57P01", "HY000")) {
            assertEquals(Outcome.UNKNOWN, commitFailingWith(open), open);
        }
    }

    private Outcome commitFailingWith(String sqlState) throws SQLException {
        heard.clear();
        failing = false;
        connection.setAutoCommit(false);
        run();
        only().onEnd(heard::add);
        state = sqlState;
        failing = true;
        assertThrows(SQLException.class, connection::commit);
        return heard.get(0);
    }

    @Test
    void closingWithWorkLeavesTheOutcomeUnknownAndWithoutItThereWasNothing() throws SQLException {
        autoCommit = false;
        run();
        only().onEnd(heard::add);
        connection.close();
        TrackedConnection another = over(driver());
        another.setAutoCommit(false);
        only().onEnd(heard::add);
        another.abort(Runnable::run);
        assertEquals(List.of(Outcome.UNKNOWN, Outcome.ROLLED_BACK), heard);
    }

    @Test
    void aListenerThatThrowsHindersNobody() throws SQLException {
        connection.setAutoCommit(false);
        only().onEnd(outcome -> {
            throw new IllegalStateException("no");
        });
        only().onEnd(heard::add);
        connection.commit();
        assertEquals(List.of(Outcome.COMMITTED), heard);
    }

    @Test
    void itFollowsTheThreadThatUsesIt() throws Exception {
        connection.setAutoCommit(false);
        LocalTransaction begun = only();
        List<LocalTransaction> there = CompletableFuture.supplyAsync(() -> {
                    runUnchecked();
                    return LocalTransaction.ofThread();
                })
                .get();
        assertEquals(List.of(begun), there);
        assertEquals(List.of(), LocalTransaction.ofThread());
        begun.onEnd(heard::add);
        connection.commit();
        assertEquals(List.of(Outcome.COMMITTED), heard);
    }

    @Test
    void ofHandlesOneOverAnotherTheOneNextToTheDatabaseHasIt() throws SQLException {
        TrackedConnection outer = over(connection);
        autoCommit = false;
        try (Statement statement = outer.createStatement()) {
            statement.execute("SELECT 1");
        }
        only().onEnd(heard::add);
        outer.commit();
        assertEquals(List.of(Outcome.COMMITTED), heard);
    }

    /** A pool switches the mode of what it gets back. */
    @Test
    void givingAConnectionBackBeginsNothing() throws SQLException {
        Connection pooled = proxy((method, arguments) -> {
            if (method.equals("close")) {
                connection.setAutoCommit(false);
                return null;
            }
            return method.equals("isWrapperFor");
        });
        over(pooled).close();
        assertEquals(List.of(), LocalTransaction.ofThread());
    }

    private static LocalTransaction only() {
        List<LocalTransaction> all = LocalTransaction.ofThread();
        assertEquals(1, all.size());
        return all.get(0);
    }

    private void run() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE account SET balance = 0");
        }
    }

    private void runUnchecked() {
        try {
            run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrackedConnection over(Connection raw) {
        return HandleFactory.of(raw).connection(new NothingToWatch(), new Object(), null, raw, failure -> failure);
    }

    private Connection driver() {
        return proxy((method, arguments) -> switch (method) {
            case "getAutoCommit" -> autoCommit;
            case "setAutoCommit" -> {
                autoCommit = (boolean) arguments[0];
                yield null;
            }
            case "commit" -> {
                if (failing) {
                    throw new SQLException("broken", state);
                }
                yield null;
            }
            case "isWrapperFor" -> false;
            case "createStatement" -> statement();
            default -> null;
        });
    }

    private static Statement statement() {
        return (Statement) Proxy.newProxyInstance(
                LocalTransactionTest.class.getClassLoader(),
                new Class<?>[] {Statement.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? false : null);
    }

    private static Connection proxy(Driver driver) {
        return (Connection) Proxy.newProxyInstance(
                LocalTransactionTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> driver.call(method.getName(), arguments));
    }

    private interface Driver {
        Object call(String method, Object[] arguments) throws Throwable;
    }

    private static final class NothingToWatch implements ConnectionHooks {
        @Override
        public boolean watching() {
            return false;
        }

        @Override
        public Enlistment enlist(TrackedConnection connection) {
            return null;
        }

        @Override
        public boolean fenced() {
            return false;
        }

        @Override
        public FencePart fence(Object source, Connection connection) {
            throw new IllegalStateException();
        }

        @Override
        public SessionRead read(TrackedConnection connection) {
            return null;
        }

        @Override
        public boolean remembersSessions() {
            return false;
        }

        @Override
        public void touched(Connection raw) {}

        @Override
        public void beforeCommit() {}
    }
}
