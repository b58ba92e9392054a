package io.floodlock.runtime.queue.method;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

/**
 * Calls methods of an application's container by their names: this module depends on no container, and the application
 * may use any version. Stateless.
 */
final class ReflectiveCalls {

    private ReflectiveCalls() {}

    /** Calls a public method; its unchecked exceptions reach the caller as they are. */
    static Object call(Object on, String name, Class<?>[] types, Object... arguments)
            throws ReflectiveOperationException {
        return invoke(accessible(on.getClass(), name, types), on, arguments);
    }

    static Object call(Object on, String name) throws ReflectiveOperationException {
        return call(on, name, new Class<?>[0]);
    }

    static Object invoke(Method method, Object on, Object... arguments) throws ReflectiveOperationException {
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
            for (Class<?> declared : publicInterfaces(at)) {
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

    private static Class<?>[] publicInterfaces(Class<?> type) {
        return Arrays.stream(type.getInterfaces())
                .filter(each -> Modifier.isPublic(each.getModifiers()))
                .toArray(Class<?>[]::new);
    }
}
