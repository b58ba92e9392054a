package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntime;
import io.floodlock.runtime.call.AgentRuntimes;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.config.SettingsLoader;
import java.lang.instrument.Instrumentation;
import java.util.function.Supplier;

/** Where the launcher hands over, on the agent's own class loader: reads the settings, makes the runtime, installs the weaver. */
public final class Start {

    private Start() {}

    /**
     * Called by the launcher, by name.
     *
     * @throws IllegalArgumentException for what the user has to mend
     */
    public static void start(Instrumentation instrumentation, String arguments) {
        Settings settings = SettingsLoader.load(System.getProperties(), System.getenv(), arguments);
        AgentRuntime runtime = new LazyRuntime(new Maker(settings, new PrivateLookups(instrumentation)));
        Installer.install(
                instrumentation,
                runtime,
                settings.refuseOnFailure(),
                settings.explain(),
                settings.rules().orElse(null));
    }

    /** No lambda: in a JVM this young each is dear. */
    private record Maker(Settings settings, PrivateLookups lookups) implements Supplier<AgentRuntime> {

        @Override
        public AgentRuntime get() {
            return AgentRuntimes.create(settings, lookups);
        }
    }
}
