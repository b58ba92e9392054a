package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.function.Consumer;

/**
 * The application's own Kotlin coroutines, known by name: {@code kotlin.coroutines}, and {@code kotlinx.coroutines} where it
 * is there. Thread-safe.
 */
final class Coroutines {

    private static final ClassValue<Coroutines> BESIDE = new ClassValue<>() {
        @Override
        protected Coroutines computeValue(Class<?> owner) {
            try {
                return new Coroutines(owner.getClassLoader());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(owner.getName() + " has no usable Kotlin coroutines beside it: " + e, e);
            }
        }
    };

    private final Class<?> continuation;
    private final Object suspended;
    private final Object unit;
    private final Object interceptorKey;
    private final MethodHandle getContext;
    private final MethodHandle resumeWith;
    private final MethodHandle contextGet;
    private final MethodHandle contextPlus;
    private final MethodHandle interceptContinuation;
    private final MethodHandle intercepted;
    private final MethodHandle createFailure;
    private final Field exception;
    private final ScopeElements elements;
    private final Jobs jobs;

    private Coroutines(ClassLoader loader) throws ReflectiveOperationException {
        this.continuation = type("kotlin.coroutines.Continuation", loader);
        Class<?> context = type("kotlin.coroutines.CoroutineContext", loader);
        Class<?> key = type("kotlin.coroutines.CoroutineContext$Key", loader);
        Class<?> element = type("kotlin.coroutines.CoroutineContext$Element", loader);
        Class<?> interceptor = type("kotlin.coroutines.ContinuationInterceptor", loader);
        Class<?> intrinsics = type("kotlin.coroutines.intrinsics.IntrinsicsKt", loader);
        this.suspended = intrinsics.getMethod("getCOROUTINE_SUSPENDED").invoke(null);
        this.unit = type("kotlin.Unit", loader).getField("INSTANCE").get(null);
        this.interceptorKey = interceptor.getField("Key").get(null);
        this.getContext = Handles.virtual(continuation, "getContext", context);
        this.resumeWith = Handles.virtual(continuation, "resumeWith", void.class, Object.class);
        this.contextGet = Handles.virtual(context, "get", element, key);
        this.contextPlus = Handles.virtual(context, "plus", context, context);
        this.interceptContinuation = Handles.virtual(interceptor, "interceptContinuation", continuation, continuation);
        this.intercepted = Handles.statik(intrinsics, "intercepted", continuation, continuation);
        this.createFailure =
                Handles.statik(type("kotlin.ResultKt", loader), "createFailure", Object.class, Throwable.class);
        this.exception = type("kotlin.Result$Failure", loader).getField("exception");
        this.elements = new ScopeElements(loader);
        this.jobs = Jobs.in(loader);
    }

    /** @param owner a class with suspend functions */
    static Coroutines beside(Class<?> owner) {
        return BESIDE.get(owner);
    }

    private static Class<?> type(String name, ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(name, true, loader);
    }

    /** What a function returns that will resume its continuation later. */
    Object suspended() {
        return suspended;
    }

    Object contextOf(Object itsContinuation) {
        return Handles.call(getContext, itsContinuation);
    }

    /** The scope that travels in a context, or null. */
    LockScope scopeIn(Object context) {
        return elements.scopeOf(Handles.call(contextGet, context, elements.key()));
    }

    Object with(Object context, LockScope scope) {
        return Handles.call(contextPlus, context, elements.of(scope));
    }

    /** A continuation that hands its result, boxed as Kotlin does, to {@code end}. */
    Object continuation(Object context, Consumer<Object> end) {
        return Proxies.of(continuation, (method, arguments) -> {
            if (method.equals("getContext")) {
                return context;
            }
            end.accept(arguments[0]);
            return null;
        });
    }

    /** Runs on the dispatcher of that context, or here where it has none. */
    void dispatch(Object context, Runnable task) {
        Object interceptor = Handles.call(contextGet, context, interceptorKey);
        if (interceptor == null) {
            task.run();
            return;
        }
        Object start = continuation(context, ignored -> task.run());
        resume(Handles.call(interceptContinuation, interceptor, start), unit);
    }

    /** Resumes it on its own dispatcher. */
    void resumeIntercepted(Object itsContinuation, Object result) {
        resume(Handles.call(intercepted, itsContinuation), result);
    }

    private void resume(Object itsContinuation, Object result) {
        Handles.call(resumeWith, itsContinuation, result);
    }

    Object failure(Throwable thrown) {
        return Handles.call(createFailure, thrown);
    }

    /** What a result has failed with, null for one that has not. */
    Throwable failureIn(Object result) {
        try {
            return exception.getDeclaringClass().isInstance(result) ? (Throwable) exception.get(result) : null;
        } catch (IllegalAccessException e) {
            throw new LinkageError("kotlin.Result.Failure can't be read", e);
        }
    }

    /** Calls back once the context's job is cancelled, be it already; the answer ends that. */
    Runnable onCancellation(Object context, Consumer<Throwable> cancelled) {
        Object job = jobs == null ? null : Handles.call(contextGet, context, jobs.key());
        return job == null ? () -> {} : jobs.onCancellation(job, cancelled);
    }
}
