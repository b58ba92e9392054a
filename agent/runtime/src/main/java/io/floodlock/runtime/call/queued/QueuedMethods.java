package io.floodlock.runtime.call.queued;

import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.QueuePlan;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.call.support.WovenMethods;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.thread.AgentThreads;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers queued methods with the queue engine as soon as their class exists. A JVM that only consumes never calls
 * them, so their call sites would never be linked.
 *
 * <p>The weaver reports a method <em>before</em> its class is defined, on the thread that defines it. Work that needs
 * the class therefore runs on a thread of the agent, where {@code Class.forName} blocks until the loader has defined
 * the class. Thread-safe.
 */
public final class QueuedMethods {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedMethods.class);

    private final Engines engines;
    private final Containers containers;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    /**
     * Many threads, as a registration may wait for the application's class loading. If no thread can be made, the pool
     * keeps the registration for a later one: a class must not fail to load for that.
     */
    private final Executor registrations = new AgentThreads("floodlock-queued").pool(256);

    /** Kept by the class itself, so that an undeployed application can be collected. */
    private final ClassValue<ConcurrentMap<CallSpec, QueueEngine.Site>> sites = new ClassValue<>() {
        @Override
        protected ConcurrentMap<CallSpec, QueueEngine.Site> computeValue(Class<?> owner) {
            return new ConcurrentHashMap<>();
        }
    };

    public QueuedMethods(Engines engines, Containers containers, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.engines = engines;
        this.containers = containers;
        this.lookups = lookups;
    }

    /** Registers a method whose class is about to be defined. Returns at once. */
    public void woven(ClassLoader loader, CallSpec spec) {
        WeakReference<ClassLoader> weak = new WeakReference<>(loader);
        registrations.execute(() -> registerWhenDefined(weak.get(), spec));
    }

    /**
     * Registers a method whose class has run its initializer. The calling thread is still inside the initializer, and
     * so inside application code: nothing may be thrown here, and nothing may be waited for.
     */
    void initialized(CallSpec spec, MethodHandles.Lookup lookup) {
        registrations.execute(() -> register(spec, () -> lookup));
    }

    private void registerWhenDefined(ClassLoader loader, CallSpec spec) {
        if (loader != null) {
            register(spec, () -> lookups.apply(Class.forName(spec.owner(), false, loader)));
        }
    }

    private void register(CallSpec spec, Callable<MethodHandles.Lookup> lookup) {
        try {
            site(spec, lookup.call());
        } catch (FloodlockFailure | IllegalArgumentException e) {
            // the fault is in the method; the stack trace adds nothing
            LOG.error(
                    "Stored calls of {} are not run by this JVM, and calls made here fail, for this reason: {}",
                    spec.displayName(),
                    e.getMessage());
        } catch (Exception | LinkageError e) {
            LOG.error(
                    "Stored calls of {} are not run by this JVM, and calls made here fail, for this reason: {}",
                    spec.displayName(),
                    e.getMessage(),
                    e);
        }
    }

    /** The site of a method, registered once. */
    public QueueEngine.Site site(CallSpec spec, MethodHandles.Lookup lookup) {
        QueueEngine queues = engines.queues();
        containers.announceTo(queues);
        return sites.get(lookup.lookupClass())
                .computeIfAbsent(spec, s -> queues.register(method(CallPlan.of(s), lookup)));
    }

    private static QueuedMethod method(CallPlan plan, MethodHandles.Lookup lookup) {
        QueuePlan queue = plan.queue();
        Method method = WovenMethods.find(plan.spec(), lookup);
        BiFunction<Object, Object[], String> dedup = bound(queue.dedup(), plan, method, lookup);
        return new QueuedMethod(
                queue.queue(),
                queue.name(),
                method,
                lookup,
                bound(queue.key(), plan, method, lookup),
                queue.capacity(),
                queue.rejectWhenFull(),
                queue.async(),
                queue.replicas(),
                dedup == null ? null : new QueuedMethod.Dedup(dedup, queue.dedupWindow()),
                queue.delay(),
                queue.waitTime(),
                queue.attempts(),
                queue.firstBackoff(),
                queue.longestBackoff(),
                queue.noRetryFor(),
                queue.timeout(),
                queue.workers(),
                plan.transaction(),
                queue.batch() == null ? null : new QueuedMethod.Batch(queue.batch(), queue.batchSize()),
                CallerExceptions.of(lookup.lookupClass())::translate);
    }

    private static BiFunction<Object, Object[], String> bound(
            KeyTemplate template, CallPlan plan, Method method, MethodHandles.Lookup lookup) {
        if (template == null) {
            return null;
        }
        return template.bind(lookup, method, plan.spec().parameterNames())::of;
    }
}
