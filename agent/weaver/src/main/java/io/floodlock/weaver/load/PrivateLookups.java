package io.floodlock.weaver.load;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/**
 * Lookups with private access to the application's classes, for what runs without having been called by woven code first.
 * Works for classes of named modules too. Thread-safe.
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
            throw new IllegalArgumentException(type + " can't be looked into", e);
        }
    }
}
