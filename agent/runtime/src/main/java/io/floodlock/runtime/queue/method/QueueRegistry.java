package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.queue.outbox.Outbox;
import io.floodlock.runtime.queue.produce.Producer;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One queue in this JVM: its registered methods ({@link QueueSite}) and the producer that stores their calls.
 * {@code StoredQueueEngine} creates one for each queue; the producer is made at its first use. The methods are held
 * weakly, since their classes keep them. Thread-safe.
 */
public final class QueueRegistry {

    private static final Logger log = LoggerFactory.getLogger(QueueRegistry.class);

    private final String name;
    private final boolean inline;
    private final Supplier<Producer> makeProducer;
    private final Supplier<Outbox> outbox;
    private final IntFunction<Executor> makeContinuations;
    private final WaitingMethods waiting;

    /** By name, the newest first. Several have one name where several class loaders have defined the same class. */
    private final Map<String, List<WeakReference<QueueSite>>> sites = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private Producer producer;

    private volatile Executor continuations;

    /** Whether a method runs several calls together; spares the others the look at their attributes. */
    private volatile boolean batched;

    /**
     * @param outbox takes calls that are made in a transaction; null as long as this JVM has had none
     * @param makeContinuations makes the executor for what the application hangs on the futures of the queue, for that
     *     number of workers; the executor refuses no task
     */
    public QueueRegistry(
            String name,
            boolean inline,
            Supplier<Producer> makeProducer,
            Supplier<Outbox> outbox,
            IntFunction<Executor> makeContinuations) {
        this.name = name;
        this.inline = inline;
        this.makeProducer = makeProducer;
        this.outbox = outbox;
        this.makeContinuations = makeContinuations;
        this.waiting = new WaitingMethods(name);
    }

    public String name() {
        return name;
    }

    /** What this JVM can't run now. */
    public WaitingMethods waiting() {
        return waiting;
    }

    boolean runsInline() {
        return inline;
    }

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if another method of this queue has that name */
    public synchronized QueueSite register(QueuedMethod method) {
        Method registered = method.method();
        for (QueueSite known : named(method.name())) {
            if (known.method().method().equals(registered)) {
                return known;
            }
            if (isOtherMethod(known, registered)) {
                throw twoMethods(method.name(), known, registered);
            }
        }
        QueueSite site = new QueueSite(method, this);
        if (site.isBatched()) {
            batched = true;
        }
        List<WeakReference<QueueSite>> named =
                sites.computeIfAbsent(method.name(), any -> new CopyOnWriteArrayList<>());
        named.removeIf(reference -> reference.get() == null);
        named.add(0, new WeakReference<>(site));
        if (named.size() > 1) {
            log.info(
                    "{} of queue {} has been loaded by {} class loaders. Stored calls run in the newest of them that"
                            + " has an instance for them.",
                    site.displayName(),
                    name,
                    named.size());
        }
        return site;
    }

    /** A class that another loader has defined again is the same for a stored call. */
    private static boolean isOtherMethod(QueueSite known, Method method) {
        Class<?> owner = method.getDeclaringClass();
        return known.loader() == owner.getClassLoader()
                || !known.displayName().equals(owner.getName() + "." + method.getName());
    }

    private FloodlockFailure twoMethods(String wireName, QueueSite known, Method method) {
        boolean override = known.isImplementedBy(method)
                || known.method().method().getDeclaringClass() != method.getDeclaringClass()
                        && method.getDeclaringClass()
                                .isAssignableFrom(known.method().method().getDeclaringClass())
                        && known.method().method().getName().equals(method.getName());
        return Failure.PAYLOAD.because("Queue " + name + " has two methods named " + wireName + ": "
                + known.displayName() + " and " + method.getDeclaringClass().getName() + "." + method.getName() + ". "
                + (override
                        ? "One overrides the other: queue only one of them, or name one of them in its annotation or"
                                + " rule."
                        : "Name one of them in its annotation."));
    }

    /**
     * The method with that name; null if this JVM has none, or has unloaded it. If several loaders have defined its
     * class: the newest that has an instance to run it on.
     */
    public QueueSite site(String method, TargetResolver instances) {
        List<QueueSite> named = named(method);
        if (named.size() > 1) {
            for (QueueSite site : named) {
                try {
                    site.target(instances);
                    return site;
                } catch (TargetMissingException e) {
                    // an older one may have an instance
                }
            }
        }
        return named.isEmpty() ? null : named.get(0);
    }

    /** How many calls of the method may run together in this JVM. */
    public int mostTogether(String method) {
        if (!batched) {
            return 1;
        }
        List<QueueSite> named = named(method);
        return named.isEmpty() ? 1 : named.get(0).mostTogether();
    }

    private List<QueueSite> named(String method) {
        return live(sites.getOrDefault(method, List.of()));
    }

    private static List<QueueSite> live(List<WeakReference<QueueSite>> references) {
        List<QueueSite> out = new ArrayList<>(references.size());
        for (WeakReference<QueueSite> reference : references) {
            QueueSite site = reference.get();
            if (site != null) {
                out.add(site);
            }
        }
        return out;
    }

    /** All methods of this queue, those of one name together. */
    public List<QueueSite> sites() {
        List<QueueSite> out = new ArrayList<>();
        sites.values().forEach(named -> out.addAll(live(named)));
        return out;
    }

    public Set<String> methodNames() {
        Set<String> out = new HashSet<>();
        sites().forEach(site -> out.add(site.method().name()));
        return out;
    }

    /** Whether this JVM has stored calls, or has tried to. */
    public boolean hasStoredCalls() {
        return sites().stream().anyMatch(QueueSite::hasStoredCalls);
    }

    /** Whether this JVM can run calls of some method; says of each method if that changes. */
    public boolean lookForTargets(TargetResolver instances) {
        boolean any = false;
        for (String method : methodNames()) {
            QueueSite site = site(method, instances);
            if (site != null) {
                any |= waiting.look(site, instances);
            }
        }
        return any;
    }

    /** The number of bodies that may run in this JVM at the same time: the maximum over all methods. */
    public int workers() {
        return sites().stream().mapToInt(site -> site.method().workers()).max().orElse(1);
    }

    /** Null as long as this JVM has had no transaction. */
    Outbox outbox() {
        return outbox.get();
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

    /** Waits until the calls that are stored in the background are confirmed. */
    public void flush(long nanos) {
        Producer made;
        synchronized (this) {
            made = producer;
        }
        if (made != null) {
            made.flush(nanos);
        }
    }

    public synchronized void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
