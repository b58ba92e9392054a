package io.floodlock.runtime.call.support;

import static java.lang.invoke.MethodType.methodType;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Creates the exceptions that the code of one class loader can catch. They are of the loader's own copy of the public
 * classes if it has one, else of the agent's copy. A web application that brings its own copy and loads it child-first
 * can't catch exceptions of any other. All failures leave the agent through {@link #translate}. Thread-safe.
 */
public final class CallerExceptions {

    private static final ClassValue<CallerExceptions> OF = new ClassValue<>() {
        @Override
        protected CallerExceptions computeValue(Class<?> type) {
            return new CallerExceptions(type.getClassLoader());
        }
    };

    private final ClassLoader loader;
    private final ConcurrentMap<Failure, MethodHandle> constructors = new ConcurrentHashMap<>();

    private CallerExceptions(ClassLoader loader) {
        this.loader = loader;
    }

    public static CallerExceptions of(Class<?> caller) {
        return OF.get(caller);
    }

    public RuntimeException translate(FloodlockFailure failure) {
        RuntimeException made = make(failure.kind(), failure.getMessage(), visible(failure.getCause()));
        for (Throwable suppressed : failure.getSuppressed()) {
            made.addSuppressed(visible(suppressed));
        }
        return made;
    }

    /** A failure may have another failure as its cause. No class of the agent's own may be visible outside. */
    private Throwable visible(Throwable thrown) {
        return thrown instanceof FloodlockFailure inner ? translate(inner) : thrown;
    }

    RuntimeException make(Failure kind, String message, Throwable cause) {
        MethodHandle constructor = constructors.computeIfAbsent(kind, this::find);
        try {
            return (RuntimeException) constructor.invokeExact(message, cause);
        } catch (Throwable e) {
            throw new LinkageError(kind.className() + " could not be created", e);
        }
    }

    private MethodHandle find(Failure kind) {
        try {
            return constructor(kind, loader);
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            // the loader has no copy, or a foreign class of that name: use the agent's own
        }
        try {
            return constructor(kind, CallerExceptions.class.getClassLoader());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the agent's jar lacks " + kind.className(), e);
        }
    }

    private static MethodHandle constructor(Failure kind, ClassLoader loader) throws ReflectiveOperationException {
        Class<? extends RuntimeException> type =
                Class.forName(kind.className(), true, loader).asSubclass(RuntimeException.class);
        return MethodHandles.publicLookup()
                .findConstructor(type, methodType(void.class, String.class, Throwable.class))
                .asType(methodType(RuntimeException.class, String.class, Throwable.class));
    }
}
