package io.floodlock.runtime.async;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Implements an interface of the application that the agent knows by name only. The proxy class is defined in the
 * application's loader.
 */
final class Proxies {

    /** The behaviour of the interface's methods, by their names. */
    interface Behaviour {
        Object call(String method, Object[] arguments) throws Throwable;
    }

    private Proxies() {}

    static Object of(Class<?> type, Behaviour behaviour) {
        InvocationHandler handler = (self, method, arguments) -> method.getDeclaringClass() == Object.class
                ? identity(self, method, arguments)
                : behaviour.call(method.getName(), arguments);
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    static Object identity(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "floodlock@" + Integer.toHexString(System.identityHashCode(self));
        };
    }
}
