package io.floodlock.runtime.call.queued;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.queue.QueueEngine;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the application's containers that are ready until a queue needs them. Every Spring application reports its
 * contexts, and most have no queue. Such applications must not pay for a queue engine, nor be affected by the reports.
 * {@link QueuedMethods} passes the containers to the queue engine when the first queued method appears. Containers are
 * held weakly. Thread-safe.
 */
public final class Containers {

    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    private final Engines engines;

    @GuardedBy("this")
    private final List<WeakReference<Object>> ready = new ArrayList<>();

    @GuardedBy("this")
    private boolean needed;

    public Containers(Engines engines) {
        this.engines = engines;
    }

    public void ready(Object context) {
        if (remember(context)) {
            announce(() -> engines.queues().containerReady(context));
        }
    }

    public void closing(Object context) {
        if (forget(context)) {
            announce(() -> engines.queues().containerClosing(context));
        }
    }

    /**
     * The first queued method has appeared. The queue engine is told of all containers so far, and from now on of each
     * new one.
     */
    void announceTo(QueueEngine queues) {
        for (WeakReference<Object> reference : unannounced()) {
            Object context = reference.get();
            if (context != null) {
                announce(() -> queues.containerReady(context));
            }
        }
    }

    private synchronized boolean remember(Object context) {
        forget(context);
        ready.add(new WeakReference<>(context));
        return needed;
    }

    private synchronized boolean forget(Object context) {
        ready.removeIf(known -> known.get() == null || known.get() == context);
        return needed;
    }

    private synchronized List<WeakReference<Object>> unannounced() {
        if (needed) {
            return List.of();
        }
        needed = true;
        return List.copyOf(ready);
    }

    /** Runs on the application's thread, in the middle of its start or end, so nothing is thrown. */
    private static void announce(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("Queued methods may not find their beans: {}", e.getMessage(), e);
        }
    }
}
