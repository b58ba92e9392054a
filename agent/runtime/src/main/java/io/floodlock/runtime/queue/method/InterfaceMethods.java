package io.floodlock.runtime.queue.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the methods of interfaces that a class's own method implements. Stateless. */
final class InterfaceMethods {

    private InterfaceMethods() {}

    /** All interfaces of the class and its superclasses, with theirs. */
    static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> out = new LinkedHashSet<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            addAll(at, out);
        }
        return out;
    }

    private static void addAll(Class<?> type, Set<Class<?>> out) {
        for (Class<?> each : type.getInterfaces()) {
            if (out.add(each)) {
                addAll(each, out);
            }
        }
    }

    /**
     * A method of one of these interfaces that the given method implements; null if there is none. The parameters may
     * be more general in an interface with type parameters; then the compiler has put a bridge of the same name and
     * parameters beside the method.
     */
    static Method implementedBy(Method method, Class<?>[] interfaces) {
        for (Class<?> each : interfaces) {
            for (Method declared : each.getMethods()) {
                if (declared.getName().equals(method.getName()) && isImplemented(declared, method)) {
                    return declared;
                }
            }
        }
        return null;
    }

    private static boolean isImplemented(Method declared, Method method) {
        Class<?>[] general = declared.getParameterTypes();
        Class<?>[] exact = method.getParameterTypes();
        if (Arrays.equals(general, exact)) {
            return true;
        }
        if (general.length != exact.length) {
            return false;
        }
        for (int i = 0; i < general.length; i++) {
            if (!general[i].isAssignableFrom(exact[i])) {
                return false;
            }
        }
        return Arrays.stream(method.getDeclaringClass().getDeclaredMethods())
                .anyMatch(bridge -> bridge.isBridge()
                        && bridge.getName().equals(method.getName())
                        && Arrays.equals(bridge.getParameterTypes(), general));
    }
}
