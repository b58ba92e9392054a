package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.weaver.log.WeaverLog;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns once about each method that overrides a woven method and is not woven itself. {@link UnprotectedOverrides}
 * finds these methods.
 *
 * <p>While a class is being loaded, its superclass is only a name, and resolving that name would load the superclass.
 * Once both are loaded, the JVM knows both, whichever was loaded first. A thread of the agent therefore asks the JVM
 * for all loaded classes: one second after the first method was woven, two seconds later, four seconds later and so
 * on, with pauses of at most an hour. Threads that load classes do no search.
 *
 * <p>The searches become rarer because each one keeps the classes that it sees alive if a garbage collection is in
 * progress at that moment. A class is examined before the watch is twice as old as when the class was loaded, or
 * within an hour. A JVM that ends before the first search gets no warning.
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

    /**
     * Records a woven method. The weaver calls it before the JVM defines the class; the first call starts the watch
     * thread.
     */
    public void woven(ClassLoader loader, CallSpec spec) {
        if (spec.isStatic()) {
            return;
        }
        overrides.woven(loader, spec);
        if (started.compareAndSet(false, true)) {
            try {
                AgentThreads.daemon("floodlock-overrides", this).start();
            } catch (OutOfMemoryError noThread) {
                // the class is woven nevertheless; the next call tries to start the thread again
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
            // the thread just ends; nothing waits for it
        }
    }

    /** A separate method, so that this thread's stack references no class while the thread waits. */
    private void look() {
        try {
            for (String line : overrides.among(instrumentation.getAllLoadedClasses())) {
                WeaverLog.LOG.warn("{}", line);
            }
        } catch (RuntimeException | Error failure) {
            WeaverLog.LOG.debug("The search of the loaded classes for unprotected overrides failed.", failure);
        }
    }
}
