package io.floodlock.runtime.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A statement in autocommit mode of a fenced scope, over a driver that fails. */
class TrackedStatementTest {

    private final SQLException refused = new SQLException("duplicate key", "23505");
    private final IllegalStateException broken = new IllegalStateException("the driver's connection is gone");

    /** The fetch size is 5 before the statement, so it is set again after it. */
    @Test
    void theStatementsFailureIsThrownEvenIfTheDriverFailsAgain() throws SQLException {
        Connection raw = proxy(Connection.class, (method, arguments) -> switch (method) {
            case "getAutoCommit" -> true;
            case "createStatement" -> proxy(Statement.class, this::statement);
            case "isWrapperFor" -> false;
            default -> null;
        });
        try (Connection handle =
                HandleFactory.of(raw).connection(new Fenced(), new Object(), null, raw, failure -> failure)) {
            Statement statement = handle.createStatement();
            SQLException thrown = assertThrows(SQLException.class, () -> statement.executeUpdate("INSERT INTO t"));
            assertSame(refused, thrown);
            assertArrayEquals(new Throwable[] {broken}, thrown.getSuppressed());
        }
    }

    private Object statement(String method, Object[] arguments) throws SQLException {
        return switch (method) {
            case "getFetchSize" -> 5;
            case "executeUpdate" -> throw refused;
            case "isClosed" -> throw broken;
            default -> null;
        };
    }

    private static <T> T proxy(Class<T> type, Driver driver) {
        return type.cast(Proxy.newProxyInstance(
                TrackedStatementTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> driver.call(method.getName(), arguments)));
    }

    private interface Driver {
        Object call(String method, Object[] arguments) throws Throwable;
    }

    private static final class Fenced implements ConnectionHooks {

        @Override
        public boolean watching() {
            return true;
        }

        @Override
        public Enlistment enlist(TrackedConnection connection) {
            return null;
        }

        @Override
        public boolean fenced() {
            return true;
        }

        @Override
        public FencePart fence(Object source, Connection connection) {
            return proxy(FencePart.class, (method, arguments) -> method.equals("known") ? false : null);
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
