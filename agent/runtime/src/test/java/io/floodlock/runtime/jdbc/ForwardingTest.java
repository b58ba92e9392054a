package io.floodlock.runtime.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the agent has no say in reaches the driver as it was called, and its answer or failure comes back. */
class ForwardingTest {

    /** What runs something, makes something that must lead back, or asks for what lies below. */
    private static final Set<String> AGENTS_OWN = Set.of(
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeLargeUpdate",
            "executeBatch",
            "executeLargeBatch",
            "addBatch",
            "getConnection",
            "getResultSet",
            "getGeneratedKeys",
            "getStatement",
            "insertRow",
            "updateRow",
            "deleteRow",
            "unwrap",
            "isWrapperFor");

    private final List<Object> heard = new ArrayList<>();
    private Object answer;
    private SQLException failure;

    private <T> T driver(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                ForwardingTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    heard.add(method);
                    heard.addAll(arguments == null ? List.of() : Arrays.asList(arguments));
                    if (failure != null) {
                        throw failure;
                    }
                    return answer;
                }));
    }

    @Test
    void results() throws Exception {
        assertEquals(189, passed(new TrackedResultSet(null, driver(ResultSet.class)), ResultSet.class));
    }

    @Test
    void statements() throws Exception {
        assertEquals(35, passed(new TrackedStatement(null, null, driver(Statement.class)), Statement.class));
    }

    @Test
    void preparedStatements() throws Exception {
        assertEquals(
                88,
                passed(
                        new TrackedPreparedStatement(null, null, driver(PreparedStatement.class), "SELECT 1"),
                        PreparedStatement.class));
    }

    @Test
    void calls() throws Exception {
        assertEquals(
                209,
                passed(
                        new TrackedCallableStatement(null, null, driver(CallableStatement.class), "CALL f()"),
                        CallableStatement.class));
    }

    private int passed(Object tracked, Class<?> type) throws Exception {
        int count = 0;
        for (Method method : type.getMethods()) {
            if (!AGENTS_OWN.contains(method.getName())) {
                answers(tracked, method);
                fails(tracked, method);
                count++;
            }
        }
        return count;
    }

    private void answers(Object tracked, Method method) throws Exception {
        heard.clear();
        failure = null;
        answer = sample(method.getReturnType(), 7);
        Object[] arguments = arguments(method);
        Object answered = method.invoke(tracked, arguments);
        if (method.getReturnType().isPrimitive()) {
            assertEquals(answer, answered, method::toString);
        } else {
            assertSame(answer, answered, method::toString);
        }
        List<Object> expected = new ArrayList<>(List.of(method));
        expected.addAll(Arrays.asList(arguments));
        assertArrayEquals(expected.toArray(), heard.toArray(), method::toString);
    }

    private void fails(Object tracked, Method method) throws Exception {
        failure = new SQLException(method.toString());
        try {
            method.invoke(tracked, arguments(method));
            throw new AssertionError(method + " returned");
        } catch (InvocationTargetException e) {
            assertSame(failure, e.getCause());
        }
    }

    /** All different, so that no two can be confused. */
    private static Object[] arguments(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = sample(types[i], 20 + i);
        }
        return arguments;
    }

    private static Object sample(Class<?> type, int number) {
        if (type == void.class) {
            return null;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == byte.class) {
            return (byte) number;
        }
        if (type == short.class) {
            return (short) number;
        }
        if (type == int.class) {
            return number;
        }
        if (type == long.class) {
            return (long) number;
        }
        if (type == float.class) {
            return (float) number;
        }
        if (type == double.class) {
            return (double) number;
        }
        assertTrue(!type.isPrimitive(), type::toString);
        return type == String.class ? "text " + number : type == Object.class ? new Object() : null;
    }
}
