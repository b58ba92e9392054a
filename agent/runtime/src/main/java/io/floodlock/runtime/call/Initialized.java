package io.floodlock.runtime.call;

import java.lang.invoke.MethodHandles;

/** A class with a static queued method, as its initializer returns. */
record Initialized(CallSpec spec, MethodHandles.Lookup lookup, QueuedMethods queued) implements Runnable {

    @Override
    public void run() {
        queued.initialized(spec, lookup);
    }
}
