package io.floodlock.runtime.call.queued;

import io.floodlock.runtime.call.spec.CallSpec;
import java.lang.invoke.MethodHandles;

/** The target of the call site at the end of a class's initializer: registers a static queued method of the class. */
public record Initialized(CallSpec spec, MethodHandles.Lookup lookup, QueuedMethods queued) implements Runnable {

    @Override
    public void run() {
        queued.initialized(spec, lookup);
    }
}
