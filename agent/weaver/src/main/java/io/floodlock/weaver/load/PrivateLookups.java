package io.floodlock.weaver.load;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/**
 * Gives lookups with private access to the application's classes, for agent code that runs before woven code has
 * supplied a lookup. Works for classes in named modules too. Thread-safe.
 */
public final class PrivateLookups implements Function<Class<?>, MethodHandles.Lookup> {

    private final Instrumentation instrumentation;

    public PrivateLookups(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    @Override
    public MethodHandles.Lookup apply(Class<?> type) {
        ModuleOpener.open(instrumentation, type);
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(type + " is not accessible through a private lookup", e);
        }
    }
}
