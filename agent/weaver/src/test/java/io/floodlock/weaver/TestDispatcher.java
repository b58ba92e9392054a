package io.floodlock.weaver;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Stands in for the dispatcher in java.lang. */
public final class TestDispatcher {

    static volatile RecordingRuntime runtime;

    private TestDispatcher() {}

    public static CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        return runtime.link(caller, operation, type, constants);
    }
}
