package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.method.TargetMissingException.Reason;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds beans in one Spring {@code ApplicationContext}, which it references weakly. {@link TargetResolver} has one for
 * each context.
 *
 * <p>Spring wraps a bean either in a subclass, which is found by the bean's class, or in a JDK proxy, which has the
 * bean's interfaces and is not of its class. Behind a JDK proxy the bean is found by its interfaces, and called by the
 * method of the interface, so that the proxy's interceptors run. Thread-safe.
 */
final class SpringContext {

    private static final Logger log = LoggerFactory.getLogger(SpringContext.class);
    private static final Class<?>[] BY_TYPE = {Class.class};
    private static final Class<?>[] BY_NAME = {String.class};

    private final WeakReference<Object> context;

    /** How long a class without a bean behind a JDK proxy is not looked for again. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * The bean behind a JDK proxy, if a class has one.
     *
     * @param name null if there is none
     * @param found when it was looked for
     */
    private record Proxied(String name, long found) {}

    @GuardedBy("this")
    private final Map<Class<?>, Proxied> proxied = new WeakHashMap<>();

    @GuardedBy("this")
    private final Map<Class<?>, Set<String>> toldOf = new WeakHashMap<>();

    SpringContext(Object context) {
        this.context = new WeakReference<>(context);
    }

    boolean is(Object other) {
        return context.get() == other;
    }

    boolean isGone() {
        return context.get() == null;
    }

    /** Whether Spring's bean factory runs on this thread, so that the object under construction will be a bean. */
    static boolean isConstructing() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(200)
                        .anyMatch(frame -> frame.getClassName().startsWith("org.springframework.beans.factory.")));
    }

    /**
     * The only or primary bean for the method, or null.
     *
     * @param throughProxy whether the method can be called on a generated proxy; else the proxy's target is returned
     * @throws TargetMissingException if there are several
     */
    Target bean(Method method, boolean throughProxy, QueuedOverrides overrides) throws TargetMissingException {
        Object factory = context.get();
        if (factory == null) {
            return null;
        }
        Class<?> type = method.getDeclaringClass();
        try {
            Object provider = ReflectiveCalls.call(factory, "getBeanProvider", BY_TYPE, type);
            Object bean = ReflectiveCalls.call(provider, "getIfUnique");
            if (bean == null) {
                bean = amongSeveral(factory, method, overrides);
            }
            return bean == null
                    ? behindJdkProxy(factory, method, throughProxy)
                    : Target.direct(throughProxy ? bean : behindProxy(bean));
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("A container could not be asked for a bean of {}", type.getName(), e);
            return null;
        }
    }

    /** The only one of several beans of the class that has no queued override of the method; null if it has no bean. */
    private static Object amongSeveral(Object factory, Method method, QueuedOverrides overrides)
            throws ReflectiveOperationException, TargetMissingException {
        Class<?> type = method.getDeclaringClass();
        Set<String> names = new LinkedHashSet<>();
        for (String name : (String[]) ReflectiveCalls.call(factory, "getBeanNamesForType", BY_TYPE, type)) {
            Class<?> exact = (Class<?>) ReflectiveCalls.call(factory, "getType", BY_NAME, name);
            if (exact == null || !overrides.isOwn(exact, method)) {
                names.add(name);
            }
        }
        if (names.size() > 1) {
            throw several(type, names);
        }
        return names.isEmpty()
                ? null
                : ReflectiveCalls.call(
                        factory, "getBean", BY_NAME, names.iterator().next());
    }

    private static TargetMissingException several(Class<?> type, Set<String> names) {
        return new TargetMissingException(
                Reason.SEVERAL,
                "the container has " + names.size() + " beans of " + type.getName() + " ("
                        + String.join(", ", names.stream().sorted().toList())
                        + "), and a stored call does not tell which of them it was made on: mark one of them @Primary,"
                        + " or give each class a queued method of its own");
    }

    // ---- JDK proxies ----

    private Target behindJdkProxy(Object factory, Method method, boolean throughProxy)
            throws ReflectiveOperationException, TargetMissingException {
        Class<?> type = method.getDeclaringClass();
        String name = proxiedName(factory, type);
        if (name == null) {
            return null;
        }
        Object bean = ReflectiveCalls.call(factory, "getBean", BY_NAME, name);
        if (!throughProxy) {
            return Target.direct(behindProxy(bean));
        }
        Method via = InterfaceMethods.implementedBy(method, bean.getClass().getInterfaces());
        if (via != null) {
            return new Target(bean, via);
        }
        if (isNews(type, method.getName())) {
            log.warn(
                    "Stored calls of {}.{} run without the interceptors of the bean '{}', for example without its"
                            + " @Transactional: the bean is behind a JDK proxy, and none of the proxy's interfaces has"
                            + " the method. Add the method to an interface of the class, or let Spring make subclasses"
                            + " (proxyTargetClass = true).",
                    type.getName(),
                    method.getName(),
                    name);
        }
        return Target.direct(behindProxy(bean));
    }

    private synchronized boolean isNews(Class<?> type, String method) {
        return toldOf.computeIfAbsent(type, any -> new LinkedHashSet<>()).add(method);
    }

    private String proxiedName(Object factory, Class<?> type)
            throws ReflectiveOperationException, TargetMissingException {
        long now = System.nanoTime();
        synchronized (this) {
            Proxied known = proxied.get(type);
            if (known != null && (known.name() != null || now - known.found() < PAUSE_NANOS)) {
                return known.name();
            }
        }
        Object singletons = ReflectiveCalls.call(factory, "getAutowireCapableBeanFactory");
        Set<String> names = new LinkedHashSet<>();
        for (Class<?> each : InterfaceMethods.interfaces(type)) {
            // many unrelated beans have the JDK's interfaces
            if (each.getClassLoader() != null) {
                addProxies(factory, singletons, each, type, names);
            }
        }
        if (names.size() > 1) {
            throw several(type, names);
        }
        String found = names.isEmpty() ? null : names.iterator().next();
        synchronized (this) {
            proxied.put(type, new Proxied(found, now));
        }
        return found;
    }

    private static void addProxies(
            Object factory, Object singletons, Class<?> declared, Class<?> type, Set<String> names)
            throws ReflectiveOperationException {
        for (String name : (String[]) ReflectiveCalls.call(factory, "getBeanNamesForType", BY_TYPE, declared)) {
            // only what exists: to look must not make a lazy bean
            if ((boolean) ReflectiveCalls.call(singletons, "containsSingleton", BY_NAME, name)) {
                Object bean = ReflectiveCalls.call(factory, "getBean", BY_NAME, name);
                if (Proxy.isProxyClass(bean.getClass()) && type.isInstance(behindProxy(bean))) {
                    names.add(name);
                }
            }
        }
    }

    /** A private or final method called on a generated proxy would see the proxy's own fields, which are unset. */
    private static Object behindProxy(Object bean) throws ReflectiveOperationException {
        Object at = bean;
        for (int depth = 0; depth < 10 && isAdvised(at.getClass()); depth++) {
            Object source = ReflectiveCalls.call(at, "getTargetSource");
            Object target = ReflectiveCalls.call(source, "getTarget");
            if (target == null) {
                return at;
            }
            at = target;
        }
        return at;
    }

    private static boolean isAdvised(Class<?> type) {
        return InterfaceMethods.interfaces(type).stream()
                .anyMatch(each -> each.getName().equals("org.springframework.aop.framework.Advised"));
    }
}
