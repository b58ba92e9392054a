package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.Queued;
import io.floodlock.weaver.code.StandIn;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What loads in place of a class that is refused. */
class StandInTest {

    private static final List<String> RAN = new ArrayList<>();

    /** Refused, as two methods of one queue share a name. */
    abstract static class Twice extends Thread implements Callable<String>, Serializable {
        private static final long serialVersionUID = 7;
        static final List<String> KNOWN = List.of("a");

        static {
            RAN.add("initializer");
        }

        transient String field = "set";

        Twice(long wide, String name) {
            super(name);
            RAN.add("constructor");
        }

        @Queued(queue = "one")
        void store(String line) {
            RAN.add("store");
        }

        @Queued(queue = "one")
        void store(int line) {
            RAN.add("store");
        }

        @Deprecated
        static double plain(double a, long b) {
            RAN.add("plain");
            return a + b;
        }

        abstract void open();
    }

    private final Woven woven = new Woven();

    @Test
    void failsWithTheReasonAtFirstUseAndRunsNothing() {
        Class<?> standIn = woven.load(Twice.class);
        Throwable first = assertThrows(ClassFormatError.class, () -> Class.forName(standIn.getName(), true, woven));
        assertTrue(first.getMessage().contains("is refused"), first.getMessage());
        assertTrue(first.getMessage().contains("@Queued(name = \"store2\")"), first.getMessage());
        Method plain = method(standIn, "plain");
        Throwable again = assertThrows(NoClassDefFoundError.class, () -> plain.invoke(null, 1.0, 2L));
        assertTrue(
                again.getCause().getMessage().contains(first.getMessage()),
                again.getCause().getMessage());
        assertEquals(List.of(), RAN);
    }

    @Test
    void declaresWhatTheClassDeclares() {
        Class<?> standIn = woven.load(Twice.class);
        assertEquals(members(Twice.class), members(standIn));
        assertEquals(Thread.class, standIn.getSuperclass());
        assertArrayEquals(Twice.class.getInterfaces(), standIn.getInterfaces());
        assertEquals(Twice.class.getModifiers(), standIn.getModifiers());
        assertTrue(method(standIn, "plain").isAnnotationPresent(Deprecated.class));
    }

    /** A class that implements an interface without default methods is initialized without it. */
    @Test
    void anInterfaceHasNone() {
        assertNull(StandIn.of(Woven.file(Runnable.class), "why"));
        assertNull(StandIn.of(new byte[16], "why"));
        assertFalse(StandIn.of(Woven.file(Twice.class), "w".repeat(100_000)).length > 20_000);
    }

    private static List<String> members(Class<?> type) {
        return Stream.of(
                        Arrays.stream(type.getDeclaredMethods()),
                        Arrays.stream(type.getDeclaredConstructors()),
                        Arrays.stream(type.getDeclaredFields()))
                .flatMap(each -> each)
                .map(String::valueOf)
                .sorted()
                .toList();
    }

    private static Method method(Class<?> type, String name) {
        Method found = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        found.setAccessible(true);
        return found;
    }
}
