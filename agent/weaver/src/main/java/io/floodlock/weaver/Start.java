package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntimes;
import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.config.LogLevel;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.config.SettingsLoader;
import io.floodlock.weaver.load.PrivateLookups;
import io.floodlock.weaver.log.AgentLog;
import java.lang.instrument.Instrumentation;
import java.util.function.Supplier;

/**
 * The start of the agent on its own class loader, after the launcher: reads the settings, creates the runtime, installs
 * the weaver.
 */
public final class Start {

    private static final String LOGGER = "io.floodlock.weaver";

    private Start() {}

    /**
     * Called by the launcher, by name.
     *
     * @return null if the agent has started or is disabled; else the reason of the failure, if the settings let the
     *     application run without the agent
     * @throws IllegalArgumentException for an error that the user must correct
     */
    public static Throwable start(Instrumentation instrumentation, String arguments) {
        SettingsLoader loader = SettingsLoader.collect(System.getProperties(), System.getenv(), arguments);
        if (!loader.enabled()) {
            return null;
        }
        try {
            start(instrumentation, loader);
            return null;
        } catch (RuntimeException | Error failure) {
            if (loader.refuseOnFailure()) {
                throw failure;
            }
            return failure;
        }
    }

    private static void start(Instrumentation instrumentation, SettingsLoader loader) {
        Settings settings = loader.settings();
        PrivateLookups lookups = new PrivateLookups(instrumentation);
        AgentLog.configure(settings, instrumentation, lookups);
        for (String warning : loader.warnings()) {
            AgentLog.write(LogLevel.WARN, LOGGER, warning, null);
        }
        for (String missing : JavaModules.missing(settings)) {
            AgentLog.write(LogLevel.INFO, LOGGER, missing, null);
        }
        AgentRuntime runtime = new LazyRuntime(new Maker(settings, lookups), instrumentation);
        int rules = Installer.install(
                instrumentation,
                runtime,
                settings.refuseOnFailure(),
                settings.explain(),
                settings.rules().orElse(null));
        AgentLog.write(LogLevel.INFO, LOGGER, greeting(settings, rules), null);
    }

    private static String greeting(Settings settings, int rules) {
        return "Floodlock " + Version.TEXT + " on JDK " + System.getProperty("java.runtime.version") + ": "
                + settings.redisText()
                + ", namespace " + settings.namespace()
                + (settings.rules().isEmpty() ? "" : rules == 1 ? ", 1 rule" : ", " + rules + " rules");
    }

    /** A record and not a lambda: each lambda is expensive this early in a JVM's life. */
    private record Maker(Settings settings, PrivateLookups lookups) implements Supplier<AgentRuntime> {

        @Override
        public AgentRuntime get() {
            return AgentRuntimes.create(settings, lookups);
        }
    }
}
