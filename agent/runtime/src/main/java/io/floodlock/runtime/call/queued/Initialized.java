package io.floodlock.runtime.call.queued;

import io.floodlock.runtime.call.spec.CallSpec;
import java.lang.invoke.MethodHandles;

/** A class with a static queued method, as its initializer returns. */
public record Initialized(CallSpec spec, MethodHandles.Lookup lookup, QueuedMethods queued) implements Runnable {

    @Override
    public void run() {
        queued.initialized(spec, lookup);
    }
}
