package io.floodlock.runtime.async;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Access by name to the jobs of {@code kotlinx.coroutines}, through which coroutines are cancelled. {@link Coroutines}
 * uses it. Thread-safe.
 *
 * @param key the key of the job in a coroutine's context
 */
record CoroutineJobs(
        Object key,
        Class<?> function1,
        Object unit,
        MethodHandle isCancelled,
        MethodHandle invokeOnCompletion,
        MethodHandle cancellationException,
        MethodHandle dispose) {

    /** The jobs as that loader sees them; null where it has none. */
    static CoroutineJobs in(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> job;
        try {
            job = Class.forName("kotlinx.coroutines.Job", true, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
        Class<?> function1 = Class.forName("kotlin.jvm.functions.Function1", true, loader);
        Class<?> handle = Class.forName("kotlinx.coroutines.DisposableHandle", true, loader);
        return new CoroutineJobs(
                job.getField("Key").get(null),
                function1,
                Class.forName("kotlin.Unit", true, loader).getField("INSTANCE").get(null),
                LibraryMethods.virtual(job, "isCancelled", boolean.class),
                LibraryMethods.virtual(job, "invokeOnCompletion", handle, boolean.class, boolean.class, function1),
                LibraryMethods.virtual(job, "getCancellationException", CancellationException.class),
                LibraryMethods.virtual(handle, "dispose", void.class));
    }

    /** The reason why the job is cancelled; null if it is not. */
    Throwable cancellation(Object job) {
        return (boolean) LibraryMethods.call(isCancelled, job)
                ? (Throwable) LibraryMethods.call(cancellationException, job)
                : null;
    }

    /**
     * Calls back once the job is cancelled.
     *
     * @return ends the watch
     */
    Runnable onCancellation(Object job, Consumer<Throwable> cancelled) {
        Object handler = Proxies.of(function1, (method, arguments) -> {
            cancelled.accept((Throwable) LibraryMethods.call(cancellationException, job));
            return unit;
        });
        Object registered = LibraryMethods.call(invokeOnCompletion, job, true, true, handler);
        return () -> LibraryMethods.call(dispose, registered);
    }
}
