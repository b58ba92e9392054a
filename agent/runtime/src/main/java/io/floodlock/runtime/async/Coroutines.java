package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.function.Consumer;

/**
 * Access to the application's own Kotlin coroutines by name: {@code kotlin.coroutines}, and {@code kotlinx.coroutines}
 * where the application has it. {@link SuspendedCall} uses it. Thread-safe.
 */
final class Coroutines {

    private static final ClassValue<Coroutines> BESIDE = new ClassValue<>() {
        @Override
        protected Coroutines computeValue(Class<?> owner) {
            try {
                return new Coroutines(owner.getClassLoader());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(owner.getName() + " has no usable Kotlin coroutines in its loader: " + e, e);
            }
        }
    };

    private final Class<?> continuation;
    private final Class<?> function1;
    private final Object suspended;
    private final Object unit;
    private final MethodHandle getContext;
    private final MethodHandle resumeWith;
    private final MethodHandle contextGet;
    private final MethodHandle contextPlus;
    private final MethodHandle create;
    private final MethodHandle intercepted;
    private final MethodHandle createFailure;
    private final Field exception;
    private final ScopeElements elements;
    private final CoroutineJobs jobs;

    private Coroutines(ClassLoader loader) throws ReflectiveOperationException {
        this.continuation = type("kotlin.coroutines.Continuation", loader);
        this.function1 = type("kotlin.jvm.functions.Function1", loader);
        Class<?> context = type("kotlin.coroutines.CoroutineContext", loader);
        Class<?> key = type("kotlin.coroutines.CoroutineContext$Key", loader);
        Class<?> element = type("kotlin.coroutines.CoroutineContext$Element", loader);
        Class<?> intrinsics = type("kotlin.coroutines.intrinsics.IntrinsicsKt", loader);
        this.suspended = LibraryMethods.call(LibraryMethods.statik(intrinsics, "getCOROUTINE_SUSPENDED", Object.class));
        this.unit = type("kotlin.Unit", loader).getField("INSTANCE").get(null);
        this.getContext = LibraryMethods.virtual(continuation, "getContext", context);
        this.resumeWith = LibraryMethods.virtual(continuation, "resumeWith", void.class, Object.class);
        this.contextGet = LibraryMethods.virtual(context, "get", element, key);
        this.contextPlus = LibraryMethods.virtual(context, "plus", context, context);
        this.create = LibraryMethods.statik(
                intrinsics, "createCoroutineUnintercepted", continuation, function1, continuation);
        this.intercepted = LibraryMethods.statik(intrinsics, "intercepted", continuation, continuation);
        this.createFailure =
                LibraryMethods.statik(type("kotlin.ResultKt", loader), "createFailure", Object.class, Throwable.class);
        this.exception = type("kotlin.Result$Failure", loader).getField("exception");
        this.elements = new ScopeElements(loader);
        this.jobs = CoroutineJobs.in(loader);
    }

    /** @param owner a class with suspend functions */
    static Coroutines beside(Class<?> owner) {
        return BESIDE.get(owner);
    }

    private static Class<?> type(String name, ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(name, true, loader);
    }

    /** The value that a function returns if it will resume its continuation later: COROUTINE_SUSPENDED. */
    Object suspended() {
        return suspended;
    }

    Object contextOf(Object itsContinuation) {
        return LibraryMethods.call(getContext, itsContinuation);
    }

    /** The scope that a context contains, or null. */
    LockScope scopeIn(Object context) {
        return elements.scopeOf(LibraryMethods.call(contextGet, context, elements.key()));
    }

    Object with(Object context, LockScope scope) {
        return LibraryMethods.call(contextPlus, context, elements.of(scope));
    }

    /** The body of a coroutine: takes the coroutine's own continuation, and returns as a suspend function does. */
    interface Body {
        Object run(Object itsContinuation) throws Throwable;
    }

    /** Starts a coroutine on this thread. Its result, as Kotlin passes it to continuations, goes to {@code end}. */
    void startHere(Object context, Body body, Consumer<Object> end) {
        resume(coroutine(context, body, end), unit);
    }

    /** As {@link #startHere}, but on the context's dispatcher; on this thread if it has none. */
    void startDispatched(Object context, Body body, Consumer<Object> end) {
        resumeIntercepted(coroutine(context, body, end), unit);
    }

    private Object coroutine(Object context, Body body, Consumer<Object> end) {
        Object block = Proxies.of(function1, (method, arguments) -> {
            try {
                return body.run(arguments[0]);
            } catch (Throwable e) {
                // a proxy would wrap an exception that Kotlin need not declare; returning a failure is the same as
                // throwing it
                return failure(e);
            }
        });
        Object completion = Proxies.of(continuation, (method, arguments) -> {
            if (method.equals("getContext")) {
                return context;
            }
            end.accept(arguments[0]);
            return null;
        });
        return LibraryMethods.call(create, block, completion);
    }

    /** Resumes a continuation on its own dispatcher. */
    void resumeIntercepted(Object itsContinuation, Object result) {
        resume(LibraryMethods.call(intercepted, itsContinuation), result);
    }

    /** Resumes a continuation on this thread. */
    void resume(Object itsContinuation, Object result) {
        LibraryMethods.call(resumeWith, itsContinuation, result);
    }

    Object failure(Throwable thrown) {
        return LibraryMethods.call(createFailure, thrown);
    }

    /** The exception of a failed result; null if it has not failed. */
    Throwable failureIn(Object result) {
        try {
            return exception.getDeclaringClass().isInstance(result) ? (Throwable) exception.get(result) : null;
        } catch (IllegalAccessException e) {
            throw new LinkageError("kotlin.Result.Failure can't be read", e);
        }
    }

    /** The reason why the context's job is cancelled; null if it is not. */
    Throwable cancellationIn(Object context) {
        Object job = jobIn(context);
        return job == null ? null : jobs.cancellation(job);
    }

    /**
     * Calls back once the context's job is cancelled, at once if it is already.
     *
     * @return ends the watch
     */
    Runnable onCancellation(Object context, Consumer<Throwable> cancelled) {
        Object job = jobIn(context);
        return job == null ? () -> {} : jobs.onCancellation(job, cancelled);
    }

    private Object jobIn(Object context) {
        return jobs == null ? null : LibraryMethods.call(contextGet, context, jobs.key());
    }
}
