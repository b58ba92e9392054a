package io.floodlock.runtime.queue.method;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls a method that runs stored calls with an array of arguments, on an instance of its class or through an
 * interface. Thread-safe.
 */
final class BodyHandles {

    private final MethodHandles.Lookup lookup;
    private final Method method;
    private final boolean isStatic;

    /** {@code (Object self, Object[] arguments)Object}. */
    private final MethodHandle direct;

    private final Map<Method, MethodHandle> byInterface = new ConcurrentHashMap<>();

    /** @param lookup the declaring class's own lookup */
    BodyHandles(MethodHandles.Lookup lookup, Method method) {
        this.lookup = lookup;
        this.method = method;
        this.isStatic = Modifier.isStatic(method.getModifiers());
        try {
            MethodHandle spread = spread(lookup.unreflect(method));
            this.direct = isStatic ? MethodHandles.dropArguments(spread, 0, Object.class) : spread;
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("no access to " + method, e);
        }
    }

    private MethodHandle spread(MethodHandle handle) {
        return handle.asFixedArity()
                .asType(MethodType.genericMethodType(handle.type().parameterCount()))
                .asSpreader(Object[].class, method.getParameterCount());
    }

    boolean isStatic() {
        return isStatic;
    }

    Object invoke(Target target, Object[] arguments) throws Throwable {
        MethodHandle handle =
                target.via() == null ? direct : byInterface.computeIfAbsent(target.via(), this::throughInterface);
        return handle.invoke(target.instance(), arguments);
    }

    private MethodHandle throughInterface(Method via) {
        try {
            return spread(lookup.unreflect(via));
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("no access to " + via, e);
        }
    }
}
