package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * A callback that takes the scope along in which it was handed over: it runs on whatever thread completes a stage or emits a
 * signal, and what it locks must re-enter what its call holds already. Thread-safe if the callback is.
 */
public final class Carried implements InvocationHandler {

    private final Object callback;
    private final LockScope scope;

    private Carried(Object callback, LockScope scope) {
        this.callback = callback;
        this.scope = scope;
    }

    /** @param type a public functional interface, which {@code callback} implements */
    public static Object in(LockScope scope, Class<?> type, Object callback) {
        ClassLoader loader = type.getClassLoader() == null ? Carried.class.getClassLoader() : type.getClassLoader();
        return Proxy.newProxyInstance(loader, new Class<?>[] {type}, new Carried(callback, scope));
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            // andThen and its like make a new callback of this one
            return InvocationHandler.invokeDefault(self, method, arguments);
        }
        try (LockScope.Entered entered = scope.enter()) {
            return method.invoke(callback, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
