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
 * The application's containers that are ready, until a queue needs them. Every Spring application tells of its contexts, most
 * have no queue: they must neither pay for a queue engine nor notice that they were listened to. Thread-safe.
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

    /** A queued method exists: from now on the queue engine hears of containers, and of those before. */
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

    /** On the application's thread, in the middle of its start or end. */
    private static void announce(Runnable word) {
        try {
            word.run();
        } catch (RuntimeException e) {
            LOG.error("Queued methods may not find their beans: {}", e.getMessage(), e);
        }
    }
}
