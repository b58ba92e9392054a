package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A callback that runs in the scope in which it was passed on. The thread that completes a stage or emits a signal may
 * be any thread, and the callback's acquisitions must re-enter the keys that its call already holds.
 * {@code CallbackSite} makes them. Thread-safe if the callback is.
 *
 * <p>The interfaces that stages take have a wrapper of their own. Other functional interfaces get a proxy, which wraps
 * a checked exception that its interface does not declare.
 */
public final class ScopedCallback implements InvocationHandler {

    private final Object callback;
    private final LockScope scope;

    private ScopedCallback(Object callback, LockScope scope) {
        this.callback = callback;
        this.scope = scope;
    }

    /**
     * Wraps a callback so that it runs in the scope.
     *
     * @param type a public functional interface, which {@code callback} implements
     */
    @SuppressWarnings("unchecked")
    public static Object in(LockScope scope, Class<?> type, Object callback) {
        return switch (type.getName()) {
            case "java.lang.Runnable" -> task(scope, (Runnable) callback);
            case "java.util.function.Supplier" -> supplier(scope, (Supplier<Object>) callback);
            case "java.util.function.Consumer" -> consumer(scope, (Consumer<Object>) callback);
            case "java.util.function.Function" -> function(scope, (Function<Object, Object>) callback);
            case "java.util.function.BiConsumer" -> biConsumer(scope, (BiConsumer<Object, Object>) callback);
            case "java.util.function.BiFunction" -> biFunction(scope, (BiFunction<Object, Object, Object>) callback);
            default -> proxy(scope, type, callback);
        };
    }

    private static Runnable task(LockScope scope, Runnable callback) {
        return () -> {
            try (LockScope.Entered entered = scope.enter()) {
                callback.run();
            }
        };
    }

    private static Supplier<Object> supplier(LockScope scope, Supplier<Object> callback) {
        return () -> {
            try (LockScope.Entered entered = scope.enter()) {
                return callback.get();
            }
        };
    }

    private static Consumer<Object> consumer(LockScope scope, Consumer<Object> callback) {
        return value -> {
            try (LockScope.Entered entered = scope.enter()) {
                callback.accept(value);
            }
        };
    }

    private static Function<Object, Object> function(LockScope scope, Function<Object, Object> callback) {
        return value -> {
            try (LockScope.Entered entered = scope.enter()) {
                return callback.apply(value);
            }
        };
    }

    private static BiConsumer<Object, Object> biConsumer(LockScope scope, BiConsumer<Object, Object> callback) {
        return (one, two) -> {
            try (LockScope.Entered entered = scope.enter()) {
                callback.accept(one, two);
            }
        };
    }

    private static BiFunction<Object, Object, Object> biFunction(
            LockScope scope, BiFunction<Object, Object, Object> callback) {
        return (one, two) -> {
            try (LockScope.Entered entered = scope.enter()) {
                return callback.apply(one, two);
            }
        };
    }

    private static Object proxy(LockScope scope, Class<?> type, Object callback) {
        ClassLoader loader =
                type.getClassLoader() == null ? ScopedCallback.class.getClassLoader() : type.getClassLoader();
        return Proxy.newProxyInstance(loader, new Class<?>[] {type}, new ScopedCallback(callback, scope));
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            // andThen and similar methods make a new callback of this one
            return InvocationHandler.invokeDefault(self, method, arguments);
        }
        try (LockScope.Entered entered = scope.enter()) {
            return method.invoke(callback, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
