package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.queue.produce.Producer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * One queue in this JVM: its registered methods ({@link QueueSite}) and the producer that stores their calls.
 * {@code StoredQueueEngine} creates one for each queue; the producer is made at its first use. The methods are held
 * weakly, since their classes keep them. Thread-safe.
 */
public final class QueueRegistry {

    private final String name;
    private final boolean inline;
    private final Supplier<Producer> makeProducer;
    private final IntFunction<Executor> makeContinuations;
    private final Map<String, WeakReference<QueueSite>> sites = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private Producer producer;

    private volatile Executor continuations;

    /**
     * @param makeContinuations makes the executor for what the application hangs on the futures of the queue, for that
     *     number of workers; the executor refuses no task
     */
    public QueueRegistry(
            String name, boolean inline, Supplier<Producer> makeProducer, IntFunction<Executor> makeContinuations) {
        this.name = name;
        this.inline = inline;
        this.makeProducer = makeProducer;
        this.makeContinuations = makeContinuations;
    }

    public String name() {
        return name;
    }

    boolean runsInline() {
        return inline;
    }

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if another method of this queue has that name */
    public synchronized QueueSite register(QueuedMethod method) {
        QueueSite known = site(method.name());
        if (known != null && known.method().method().equals(method.method())) {
            return known;
        }
        if (known != null
                && known.loader() == method.method().getDeclaringClass().getClassLoader()) {
            throw Failure.PAYLOAD.because("Queue " + name + " has two methods named " + method.name() + ": "
                    + known.displayName() + " and "
                    + method.method().getDeclaringClass().getName() + "."
                    + method.method().getName() + ". Name one of them in its annotation.");
        }
        QueueSite site = new QueueSite(method, this);
        sites.put(method.name(), new WeakReference<>(site));
        return site;
    }

    /** The method with that name; null if this JVM has none, or has unloaded it. */
    public QueueSite site(String method) {
        WeakReference<QueueSite> reference = sites.get(method);
        return reference == null ? null : reference.get();
    }

    public List<QueueSite> sites() {
        List<QueueSite> out = new ArrayList<>();
        for (WeakReference<QueueSite> reference : sites.values()) {
            QueueSite site = reference.get();
            if (site != null) {
                out.add(site);
            }
        }
        return out;
    }

    public Set<String> methodNames() {
        Set<String> out = new HashSet<>();
        sites().forEach(site -> out.add(site.method().name()));
        return out;
    }

    /** The number of bodies that may run in this JVM at the same time: the maximum over all methods. */
    public int workers() {
        return sites().stream().mapToInt(site -> site.method().workers()).max().orElse(1);
    }

    synchronized Producer producer() {
        if (producer == null) {
            producer = makeProducer.get();
        }
        return producer;
    }

    Executor continuations() {
        Executor known = continuations;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            if (continuations == null) {
                continuations = makeContinuations.apply(workers());
            }
            return continuations;
        }
    }

    public synchronized void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
