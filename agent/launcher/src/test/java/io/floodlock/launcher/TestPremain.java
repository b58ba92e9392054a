package io.floodlock.launcher;

import java.lang.instrument.Instrumentation;

/** The launcher with a runtime that only writes down what woven code asks; see {@link RecordingAgent}. */
public final class TestPremain {

    private TestPremain() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        Premain.start("io.floodlock.launcher.recording.RecordingStart", arguments, instrumentation);
    }
}
