package io.floodlock.runtime.queue.method;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds beans in one Spring {@code ApplicationContext}, which it references weakly. {@link TargetResolver} has one for
 * each context. It uses Spring by reflection: this module does not depend on Spring, and the application may use any
 * version.
 */
final class SpringContext {

    private static final Logger log = LoggerFactory.getLogger(SpringContext.class);

    private final WeakReference<Object> context;

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
     * The only or primary bean of the type, or null.
     *
     * @param throughProxy whether the method can be called on a generated proxy; else the proxy's target is returned
     * @throws TargetMissingException if there are several
     */
    Object bean(Class<?> type, boolean throughProxy) throws TargetMissingException {
        Object factory = context.get();
        if (factory == null) {
            return null;
        }
        try {
            Object provider = call(factory, "getBeanProvider", new Class<?>[] {Class.class}, type);
            Object bean = call(provider, "getIfUnique", new Class<?>[0]);
            if (bean == null) {
                String[] names = (String[]) call(factory, "getBeanNamesForType", new Class<?>[] {Class.class}, type);
                if (names.length > 1) {
                    throw new TargetMissingException("the container has " + names.length + " beans of " + type.getName()
                            + " (" + String.join(", ", Arrays.asList(names)) + "): mark one of them @Primary");
                }
                return null;
            }
            return throughProxy ? bean : behindProxy(bean);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("A container could not be asked for a bean of {}", type.getName(), e);
            return null;
        }
    }

    /** A private or final method called on a generated proxy would see the proxy's own fields, which are unset. */
    private static Object behindProxy(Object bean) throws ReflectiveOperationException {
        Object at = bean;
        for (int depth = 0; depth < 10 && isAdvised(at.getClass()); depth++) {
            Object source = call(at, "getTargetSource", new Class<?>[0]);
            Object target = call(source, "getTarget", new Class<?>[0]);
            if (target == null) {
                return at;
            }
            at = target;
        }
        return at;
    }

    private static boolean isAdvised(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (Arrays.stream(at.getInterfaces())
                    .anyMatch(i -> i.getName().equals("org.springframework.aop.framework.Advised"))) {
                return true;
            }
        }
        return false;
    }

    private static Object call(Object on, String name, Class<?>[] types, Object... arguments)
            throws ReflectiveOperationException {
        Method method = accessible(on.getClass(), name, types);
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The method as declared by a public interface, if possible: the object's class may not be public. */
    private static Method accessible(Class<?> type, String name, Class<?>[] types) throws NoSuchMethodException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> declared : interfacesOf(at)) {
                try {
                    return declared.getMethod(name, types);
                } catch (NoSuchMethodException e) {
                    // another interface may declare it
                }
            }
        }
        Method method = type.getMethod(name, types);
        method.setAccessible(true);
        return method;
    }

    private static Class<?>[] interfacesOf(Class<?> type) {
        return Arrays.stream(type.getInterfaces())
                .filter(i -> java.lang.reflect.Modifier.isPublic(i.getModifiers()))
                .toArray(Class<?>[]::new);
    }
}
