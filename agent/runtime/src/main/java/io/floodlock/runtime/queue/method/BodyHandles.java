package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.queue.QueuedMethod;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls a queued method with an array of arguments, on an instance of its class or through an interface. Thread-safe.
 */
final class BodyHandles {

    private final QueuedMethod method;
    private final boolean isStatic;

    /** {@code (Object self, Object[] arguments)Object}. */
    private final MethodHandle direct;

    private final Map<Method, MethodHandle> byInterface = new ConcurrentHashMap<>();

    BodyHandles(QueuedMethod method) {
        this.method = method;
        this.isStatic = Modifier.isStatic(method.method().getModifiers());
        try {
            MethodHandle spread = spread(method.handle());
            this.direct = isStatic ? MethodHandles.dropArguments(spread, 0, Object.class) : spread;
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("no access to " + method.method(), e);
        }
    }

    private MethodHandle spread(MethodHandle handle) {
        return handle.asFixedArity()
                .asType(MethodType.genericMethodType(handle.type().parameterCount()))
                .asSpreader(Object[].class, method.method().getParameterCount());
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
            return spread(method.lookup().unreflect(via));
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("no access to " + via, e);
        }
    }
}
