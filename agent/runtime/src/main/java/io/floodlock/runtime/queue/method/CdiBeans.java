package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.queue.method.TargetMissingException.Reason;
import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds beans in the CDI container (Weld, OpenWebBeans, the one of Quarkus) that an application's class loader sees,
 * under CDI's names of either age, {@code jakarta} and {@code javax}. A bean of CDI is made at its first use, so a JVM
 * that only consumes may have no instance until this class asks for one. {@link TargetResolver} asks it for each call.
 * Thread-safe.
 */
final class CdiBeans {

    private static final Logger log = LoggerFactory.getLogger(CdiBeans.class);
    private static final String[] PACKAGES = {"jakarta.enterprise.", "javax.enterprise."};

    /** How long a container that did not answer is not asked again: without one, each question is an exception. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What CDI is to one class: its entry points in the class's loader, kept by the class itself. */
    private static final class Access {

        private final Method current;
        private final Class<?> bean;
        private final Class<?> contextual;
        private final Class<?> creational;
        private volatile long askAgainAt = System.nanoTime();

        Access(String prefix, ClassLoader loader) throws ReflectiveOperationException {
            current = Class.forName(prefix + "inject.spi.CDI", false, loader).getMethod("current");
            bean = Class.forName(prefix + "inject.spi.Bean", false, loader);
            contextual = Class.forName(prefix + "context.spi.Contextual", false, loader);
            creational = Class.forName(prefix + "context.spi.CreationalContext", false, loader);
        }
    }

    private final ClassValue<Access[]> known = new ClassValue<>() {
        @Override
        protected Access[] computeValue(Class<?> type) {
            for (String prefix : PACKAGES) {
                try {
                    return new Access[] {new Access(prefix, type.getClassLoader())};
                } catch (ReflectiveOperationException | LinkageError absent) {
                    // the application has no CDI of that age
                }
            }
            return new Access[0];
        }
    };

    /**
     * The only bean of the method's class, or null. Not a bean of the scope {@code Dependent}: each question would
     * make a new one.
     *
     * @param throughProxy whether the method can be called on a generated proxy; else the instance behind it
     * @throws TargetMissingException if there are several
     */
    Target bean(Method method, boolean throughProxy) throws TargetMissingException {
        Class<?> type = method.getDeclaringClass();
        Access[] found = known.get(type);
        if (found.length == 0 || System.nanoTime() - found[0].askAgainAt < 0) {
            return null;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // a server finds the application's container by it
        thread.setContextClassLoader(type.getClassLoader());
        try {
            return ask(found[0], type, throughProxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            found[0].askAgainAt = System.nanoTime() + PAUSE_NANOS;
            log.debug("CDI could not be asked for a bean of {}", type.getName(), e);
            return null;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Target ask(Access cdi, Class<?> type, boolean throughProxy)
            throws ReflectiveOperationException, TargetMissingException {
        Object manager = ReflectiveCalls.call(ReflectiveCalls.invoke(cdi.current, null), "getBeanManager");
        Object noQualifiers = Array.newInstance(Annotation.class, 0);
        Set<?> beans = (Set<?>) ReflectiveCalls.call(
                manager, "getBeans", new Class<?>[] {Type.class, Annotation[].class}, type, noQualifiers);
        Object bean = resolve(manager, beans, type);
        if (bean == null) {
            return null;
        }
        Class<?> scope = (Class<?>) ReflectiveCalls.call(bean, "getScope");
        if (scope.getSimpleName().equals("Dependent")) {
            return null;
        }
        Object creational =
                ReflectiveCalls.call(manager, "createCreationalContext", new Class<?>[] {cdi.contextual}, bean);
        if (throughProxy) {
            Class<?>[] types = {cdi.bean, Type.class, cdi.creational};
            return Target.direct(ReflectiveCalls.call(manager, "getReference", types, bean, type, creational));
        }
        Object context = ReflectiveCalls.call(manager, "getContext", new Class<?>[] {Class.class}, scope);
        Class<?>[] types = {cdi.contextual, cdi.creational};
        return Target.direct(ReflectiveCalls.call(context, "get", types, bean, creational));
    }

    private static Object resolve(Object manager, Set<?> beans, Class<?> type)
            throws ReflectiveOperationException, TargetMissingException {
        if (beans.size() == 1) {
            return beans.iterator().next();
        }
        try {
            return ReflectiveCalls.call(manager, "resolve", new Class<?>[] {Set.class}, beans);
        } catch (RuntimeException e) {
            if (!e.getClass().getSimpleName().equals("AmbiguousResolutionException")) {
                throw e;
            }
            throw new TargetMissingException(
                    Reason.SEVERAL,
                    "CDI has " + beans.size() + " beans of " + type.getName()
                            + ", and a stored call does not tell which of them it was made on: make one of them an"
                            + " enabled alternative, or give each class a queued method of its own");
        }
    }
}
