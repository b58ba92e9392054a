package io.floodlock.runtime.call;

import io.floodlock.runtime.boundary.ApplicationTransactions;
import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.support.UsageDetector;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/** Creates the runtime for the weaver: {@link WovenRuntime} with its engines, or one that only checks. */
public final class AgentRuntimes {

    private AgentRuntimes() {}

    /**
     * A runtime that starts nothing before woven code needs it.
     *
     * @param lookups returns private lookups of the application's classes, for stored calls of a class that has not
     *     been called
     */
    public static AgentRuntime create(Settings settings, Function<Class<?>, MethodHandles.Lookup> lookups) {
        ApplicationTransactions applications = new ApplicationTransactions();
        return new WovenRuntime(
                new LazyEngines(settings, Events.NONE, applications),
                lookups,
                applications,
                new UsageDetector(settings.rules().isPresent()));
    }

    /** A runtime that only checks: it explains classes that are not loaded. Its {@code link} fails. */
    public static AgentRuntime checking() {
        return new CheckingRuntime();
    }
}
