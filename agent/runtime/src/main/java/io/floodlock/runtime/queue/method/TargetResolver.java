package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Finds the instance to run a stored call on: a container's bean, else the only live instance. The queue engine tells
 * it of containers and of constructed instances; {@link QueueSite} asks it for each call of an instance method. It
 * keeps no instance alive. Thread-safe.
 */
public final class TargetResolver {

    private final List<SpringContext> contexts = new CopyOnWriteArrayList<>();

    @GuardedBy("seen")
    private final Map<Class<?>, Set<Reference<Object>>> seen = new WeakHashMap<>();

    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    @GuardedBy("seen")
    private final Set<String> awaitingContainer = new HashSet<>();

    /** Whether this is the first live instance of its class. */
    public boolean constructed(Object instance) {
        Class<?> type = instance.getClass();
        if (isGenerated(type)) {
            return false;
        }
        boolean madeByContainer = !isAwaitingContainer(type) && SpringContext.isConstructing();
        synchronized (seen) {
            for (Reference<?> dead = gone.poll(); dead != null; dead = gone.poll()) {
                for (Set<Reference<Object>> references : seen.values()) {
                    references.remove(dead);
                }
            }
            if (madeByContainer) {
                awaitingContainer.add(type.getName());
            }
            Set<Reference<Object>> ofType = seen.computeIfAbsent(type, t -> new HashSet<>());
            ofType.add(new WeakReference<>(instance, gone));
            return ofType.size() == 1;
        }
    }

    public void containerReady(Object context) {
        contexts.removeIf(known -> known.isGone() || known.is(context));
        contexts.add(0, new SpringContext(context));
    }

    public void containerClosing(Object context) {
        contexts.removeIf(known -> known.isGone() || known.is(context));
    }

    /**
     * The bean or instance on which to run a method of {@code type}.
     *
     * @throws TargetMissingException if there is no such instance, or more than one; the message names them
     */
    Object resolve(Class<?> type, boolean throughProxy) throws TargetMissingException {
        for (SpringContext context : contexts) {
            Object bean = context.bean(type, throughProxy);
            if (bean != null) {
                return bean;
            }
        }
        List<Object> live = live(type);
        if (live.size() == 1) {
            if (contexts.isEmpty() && isAwaitingContainer(live.get(0).getClass())) {
                throw new TargetMissingException(type.getName() + " is a bean of a container that is not ready yet");
            }
            return live.get(0);
        }
        throw new TargetMissingException(
                live.isEmpty()
                        ? "no instance of " + type.getName()
                                + " exists: make the method static, make the class a bean, or construct one object"
                        : live.size() + " instances of " + type.getName()
                                + " exist and none of them is a container's bean: make the method static, make the"
                                + " class a bean, or keep a single instance");
    }

    private boolean isAwaitingContainer(Class<?> type) {
        synchronized (seen) {
            return awaitingContainer.contains(type.getName());
        }
    }

    private List<Object> live(Class<?> type) {
        List<Object> out = new ArrayList<>();
        synchronized (seen) {
            seen.forEach((exact, references) -> {
                if (type.isAssignableFrom(exact)) {
                    for (Reference<Object> reference : references) {
                        Object instance = reference.get();
                        if (instance != null) {
                            out.add(instance);
                        }
                    }
                }
            });
        }
        return out;
    }

    private static boolean isGenerated(Class<?> type) {
        return type.getName().contains("$$") || type.isHidden();
    }
}
