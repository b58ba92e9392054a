package io.floodlock.examples.bench.weave;

import io.floodlock.weaver.Installer;
import java.lang.instrument.Instrumentation;

/** The real weaver, on the class path, for a runtime that does nothing. */
public final class NoOpAgent {

    private NoOpAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        Installer.install(instrumentation, new NoOpRuntime(), true, false, null);
    }
}
