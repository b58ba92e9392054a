package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.queue.method.TargetMissingException.Reason;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Finds the instance to run a stored call on: a bean of Spring or of CDI, else the only live instance. The queue engine
 * tells it of Spring's contexts and of constructed instances; {@link QueueSite} asks it for each call of an instance
 * method. It keeps no instance alive. Thread-safe.
 */
public final class TargetResolver {

    private final List<SpringContext> contexts = new CopyOnWriteArrayList<>();
    private final CdiBeans cdi = new CdiBeans();
    private final LiveInstances live = new LiveInstances();
    private final QueuedOverrides overrides = new QueuedOverrides();

    /** The names of classes whose instances Spring has constructed. */
    private final Set<String> awaitingContainer = ConcurrentHashMap.newKeySet();

    /** Whether this is the first live instance of its class. */
    public boolean constructed(Object instance) {
        String type = instance.getClass().getName();
        if (!awaitingContainer.contains(type) && SpringContext.isConstructing()) {
            awaitingContainer.add(type);
        }
        return live.add(instance);
    }

    /** Adds a queued method. */
    public void queued(Method method) {
        overrides.add(method);
    }

    public void containerReady(Object context) {
        contexts.removeIf(known -> known.isGone() || known.is(context));
        contexts.add(0, new SpringContext(context));
    }

    public void containerClosing(Object context) {
        contexts.removeIf(known -> known.isGone() || known.is(context));
    }

    /**
     * The bean or instance on which to run an instance method.
     *
     * @throws TargetMissingException if there is no such instance, or more than one; the message names them
     */
    Target resolve(Method method) throws TargetMissingException {
        boolean throughProxy = (method.getModifiers() & (Modifier.PRIVATE | Modifier.FINAL)) == 0;
        for (SpringContext context : contexts) {
            Target bean = context.bean(method, throughProxy, overrides);
            if (bean != null) {
                return bean;
            }
        }
        Target bean = cdi.bean(method, throughProxy);
        return bean != null ? bean : Target.direct(onlyLive(method));
    }

    private Object onlyLive(Method method) throws TargetMissingException {
        Class<?> type = method.getDeclaringClass();
        List<Object> instances = live.of(type);
        if (instances.size() > 1) {
            instances.removeIf(each -> overrides.isOwn(each.getClass(), method));
        }
        if (instances.isEmpty()) {
            throw new TargetMissingException(
                    Reason.NONE,
                    "no instance of " + type.getName()
                            + " exists: make the method static, make the class a bean, or construct one object");
        }
        if (instances.size() > 1) {
            throw new TargetMissingException(Reason.SEVERAL, several(type, instances));
        }
        Object only = instances.get(0);
        if (contexts.isEmpty() && awaitingContainer.contains(only.getClass().getName())) {
            throw new TargetMissingException(
                    Reason.NOT_READY, type.getName() + " is a bean of a container that is not ready yet");
        }
        return only;
    }

    private static String several(Class<?> type, List<Object> instances) {
        String classes = instances.stream()
                .map(each -> each.getClass().getName())
                .distinct()
                .sorted()
                .limit(5)
                .collect(Collectors.joining(", "));
        return instances.size() + " instances of " + type.getName() + " exist"
                + (classes.equals(type.getName()) ? "" : " (" + classes + ")")
                + ", none of them is a container's bean, and a stored call does not tell which of them it was made on:"
                + " make the method static, make the class a bean, or keep a single instance";
    }
}
