package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.weaver.log.WeaverLog;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns once of each method that overrides a woven one and is not woven itself.
 *
 * <p>While a class loads, its superclass is a name only, and to find what that names is to load it. Once both are loaded, the
 * JVM knows, whichever was first. So a thread of the agent asks the JVM for all loaded classes: one second after the first
 * method was woven, two seconds later, four seconds later and so on, up to an hour apart. Nothing is looked for on threads that
 * load classes.
 *
 * <p>The looks get rarer because each keeps the classes that it sees alive if the garbage collector is at work just then. A
 * class is looked at before the watch is twice as old, or within an hour. A JVM that ends before the first look has nothing
 * said.
 */
public final class OverrideWatch implements Runnable {

    private static final long FIRST_SECONDS = 1;
    private static final long MOST_SECONDS = 3_600;

    private final Instrumentation instrumentation;
    private final UnprotectedOverrides overrides = new UnprotectedOverrides();
    private final AtomicBoolean started = new AtomicBoolean();

    public OverrideWatch(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** To be called before the class is defined. */
    public void woven(ClassLoader loader, CallSpec spec) {
        if (spec.isStatic()) {
            return;
        }
        overrides.woven(loader, spec);
        if (started.compareAndSet(false, true)) {
            try {
                AgentThreads.daemon("floodlock-overrides", this).start();
            } catch (OutOfMemoryError noThread) {
                // the class is woven all the same; the next tries again
                started.set(false);
            }
        }
    }

    @Override
    public void run() {
        try {
            for (long pause = FIRST_SECONDS; ; pause = Math.min(2 * pause, MOST_SECONDS)) {
                TimeUnit.SECONDS.sleep(pause);
                look();
            }
        } catch (InterruptedException ended) {
            // nobody waits for it
        }
    }

    /** A method of its own: no class may be on this thread's stack while it waits. */
    private void look() {
        try {
            for (String line : overrides.among(instrumentation.getAllLoadedClasses())) {
                WeaverLog.LOG.warn("{}", line);
            }
        } catch (RuntimeException | Error failure) {
            WeaverLog.LOG.debug("The loaded classes could not be looked at for unprotected overrides.", failure);
        }
    }
}
