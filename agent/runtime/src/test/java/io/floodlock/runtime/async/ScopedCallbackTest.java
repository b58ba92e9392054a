package io.floodlock.runtime.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.type.LibraryMethods;
import io.reactivex.rxjava3.functions.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Callbacks of every kind run inside the scope they were handed over in. */
class ScopedCallbackTest {

    private final List<String> events = new ArrayList<>();
    private final LockScope scope = new Entering();

    @Test
    void everyKindRunsInsideTheScope() throws Throwable {
        carried(Runnable.class, () -> events.add("run")).run();
        assertEquals("got", carried(Supplier.class, () -> said("get", "got")).get());
        Consumer<String> consumer = this::add;
        typed(Consumer.class, consumer).accept("accept");
        Function<String, String> function = value -> said("apply", value);
        assertEquals("a", typed(Function.class, function).apply("a"));
        BiConsumer<String, String> two = (a, b) -> add(a + b);
        typed(BiConsumer.class, two).accept("a", "b");
        BiFunction<String, String, String> both = (a, b) -> said("both", a + b);
        assertEquals("ab", typed(BiFunction.class, both).apply("a", "b"));
        Predicate<String> predicate = value -> events.add("test");
        Predicate<String> carriedPredicate = typed(Predicate.class, predicate);
        assertEquals(false, carriedPredicate.negate().test("a"));
        carried(Action.class, () -> events.add("action")).run();
        List<String> expected = new ArrayList<>();
        for (String inside : List.of("run", "get", "accept", "apply", "ab", "both", "test", "action")) {
            expected.addAll(List.of("enter", inside, "leave"));
        }
        assertEquals(expected, events);
    }

    @Test
    void whatACallbackThrowsIsThrownOnDeclaredOrNot() {
        IOException disk = new IOException("disk");
        Supplier<Object> sneaky = () -> {
            throw LibraryMethods.<RuntimeException>unchecked(disk);
        };
        assertSame(
                disk,
                assertThrows(
                        IOException.class, () -> carried(Supplier.class, sneaky).get()));
        IllegalStateException state = new IllegalStateException("state");
        Action failing = () -> {
            throw state;
        };
        assertSame(
                state,
                assertThrows(
                        IllegalStateException.class,
                        () -> carried(Action.class, failing).run()));
        assertEquals(List.of("enter", "leave", "enter", "leave"), events);
    }

    private void add(String event) {
        events.add(event);
    }

    private String said(String event, String value) {
        events.add(event);
        return value;
    }

    private <T> T carried(Class<T> type, T callback) {
        return type.cast(ScopedCallback.in(scope, type, callback));
    }

    @SuppressWarnings("unchecked")
    private <T> T typed(Class<?> type, T callback) {
        return (T) ScopedCallback.in(scope, type, callback);
    }

    private final class Entering implements LockScope {

        @Override
        public long token() {
            return 0;
        }

        @Override
        public long token(String name) {
            return 0;
        }

        @Override
        public void verify() {}

        @Override
        public Entered enter() {
            events.add("enter");
            return () -> events.add("leave");
        }

        @Override
        public void close() {}
    }
}
