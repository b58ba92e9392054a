package io.floodlock.launcher.recording;

import io.floodlock.runtime.config.SettingsLoader;
import io.floodlock.weaver.Installer;
import io.floodlock.weaver.load.PrivateLookups;
import java.lang.instrument.Instrumentation;

/** Installs the real weaver for a {@link RecordingRuntime}, on the agent's own loader. */
public final class RecordingStart {

    private RecordingStart() {}

    public static void start(Instrumentation instrumentation, String arguments) {
        if (!SettingsLoader.collect(System.getProperties(), System.getenv(), arguments)
                .enabled()) {
            return;
        }
        Installer.install(
                instrumentation,
                new RecordingRuntime(new PrivateLookups(instrumentation)),
                !"warn".equals(System.getProperty("floodlock.on-failure")),
                Boolean.getBoolean("floodlock.explain"),
                System.getProperty("floodlock.rules"));
    }
}
