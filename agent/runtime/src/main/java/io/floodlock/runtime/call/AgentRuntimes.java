package io.floodlock.runtime.call;

import io.floodlock.runtime.boundary.ApplicationTransactions;
import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.support.UsageDetector;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/** Where the runtime is put together. */
public final class AgentRuntimes {

    private AgentRuntimes() {}

    /**
     * A runtime that starts nothing before woven code asks.
     *
     * @param lookups gives private lookups of the application's classes, for stored calls whose class nobody has called
     */
    public static AgentRuntime create(Settings settings, Function<Class<?>, MethodHandles.Lookup> lookups) {
        ApplicationTransactions applications = new ApplicationTransactions();
        return new WovenRuntime(
                new LazyEngines(settings, Events.NONE, applications),
                lookups,
                applications,
                new UsageDetector(settings.rules().isPresent()));
    }

    /** A runtime that only checks: for explaining classes that are not loaded. Linking fails. */
    public static AgentRuntime checking() {
        return new CheckingRuntime();
    }
}
