package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Elements that carry a scope in a coroutine's context. With {@code kotlinx.coroutines} they enter the scope on each
 * thread that runs a piece of the coroutine, for as long as the piece runs; so ordinary methods called there re-enter
 * it too. Thread-safe.
 */
final class ScopeElements {

    /**
     * The key of the elements, by the interface of keys: classes of different loaders that share one Kotlin find each
     * other's scopes.
     */
    private static final ClassValue<Object> KEYS = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
            return Proxies.of(type, (method, arguments) -> null);
        }
    };

    private final Class<?> element;
    private final Object key;
    private final Object emptyContext;
    private final Method plusByDefault;
    private final MethodHandle invoke;

    ScopeElements(ClassLoader loader) throws ReflectiveOperationException {
        this.element = element(loader);
        this.key = KEYS.get(Class.forName("kotlin.coroutines.CoroutineContext$Key", true, loader));
        this.emptyContext = Class.forName("kotlin.coroutines.EmptyCoroutineContext", true, loader)
                .getField("INSTANCE")
                .get(null);
        Class<?> context = Class.forName("kotlin.coroutines.CoroutineContext", true, loader);
        Method plus = context.getMethod("plus", context);
        this.plusByDefault = plus.isDefault()
                ? null
                : Class.forName("kotlin.coroutines.CoroutineContext$DefaultImpls", true, loader)
                        .getMethod("plus", context, context);
        this.invoke = LibraryMethods.virtual(
                Class.forName("kotlin.jvm.functions.Function2", true, loader),
                "invoke",
                Object.class,
                Object.class,
                Object.class);
    }

    private static Class<?> element(ClassLoader loader) throws ClassNotFoundException {
        try {
            return Class.forName("kotlinx.coroutines.ThreadContextElement", true, loader);
        } catch (ClassNotFoundException e) {
            return Class.forName("kotlin.coroutines.CoroutineContext$Element", true, loader);
        }
    }

    Object key() {
        return key;
    }

    Object of(LockScope scope) {
        return Proxy.newProxyInstance(element.getClassLoader(), new Class<?>[] {element}, new Carried(scope));
    }

    /** The scope of an element of this class; null for anything else. */
    LockScope scopeOf(Object found) {
        return found != null
                        && Proxy.isProxyClass(found.getClass())
                        && Proxy.getInvocationHandler(found) instanceof Carried carried
                ? carried.scope
                : null;
    }

    private final class Carried implements InvocationHandler {

        private final LockScope scope;

        Carried(LockScope scope) {
            this.scope = scope;
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "getKey" -> key;
                case "get" -> arguments[0] == key ? self : null;
                case "minusKey" -> arguments[0] == key ? emptyContext : self;
                case "fold" -> LibraryMethods.call(invoke, arguments[1], arguments[0], self);
                case "plus" ->
                    plusByDefault == null
                            ? InvocationHandler.invokeDefault(self, method, arguments)
                            : plusByDefault.invoke(null, self, arguments[0]);
                case "updateThreadContext" -> scope.enter();
                case "restoreThreadContext" -> {
                    ((LockScope.Entered) arguments[1]).close();
                    yield null;
                }
                default -> Proxies.identity(self, method, arguments);
            };
        }
    }
}
