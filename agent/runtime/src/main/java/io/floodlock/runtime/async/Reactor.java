package io.floodlock.runtime.async;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;

/**
 * The subscriber context of the application's Reactor, known by name. Thread-safe.
 *
 * @param coreSubscriber the interface of subscribers that have a context
 */
record Reactor(
        Class<?> coreSubscriber,
        MethodHandle currentContext,
        MethodHandle getOrDefault,
        MethodHandle put,
        Object emptyContext) {

    /** The Reactor that the loader sees; null if there is none. */
    static Reactor in(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> subscriber;
        try {
            subscriber = Class.forName("reactor.core.CoreSubscriber", false, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
        Class<?> context = Class.forName("reactor.util.context.Context", true, subscriber.getClassLoader());
        return new Reactor(
                subscriber,
                LibraryMethods.virtual(subscriber, "currentContext", context),
                LibraryMethods.virtual(context, "getOrDefault", Object.class, Object.class, Object.class),
                LibraryMethods.virtual(context, "put", context, Object.class, Object.class),
                context.getMethod("empty").invoke(null));
    }

    /** The subscriber's context; null if it has none. */
    Object contextOf(Object subscriber) {
        return coreSubscriber.isInstance(subscriber) ? LibraryMethods.call(currentContext, subscriber) : null;
    }

    Object get(Object context, Object key) {
        return LibraryMethods.call(getOrDefault, context, key, null);
    }

    Object with(Object context, Object key, Object value) {
        return LibraryMethods.call(put, context, key, value);
    }
}
