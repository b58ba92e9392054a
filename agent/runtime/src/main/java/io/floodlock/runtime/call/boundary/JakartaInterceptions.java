package io.floodlock.runtime.call.boundary;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/** Reads calls that pass through interceptors of Jakarta, or of its predecessor with {@code javax} names. */
final class JakartaInterceptions implements Interceptions {

    private static final String[] CONTEXTS = {
        "jakarta.interceptor.InvocationContext", "javax.interceptor.InvocationContext"
    };

    private final View[] views;

    JakartaInterceptions(MethodHandles.Lookup interceptor) {
        View[] found = new View[CONTEXTS.length];
        for (int i = 0; i < CONTEXTS.length; i++) {
            try {
                Class<?> type = Class.forName(
                        CONTEXTS[i], false, interceptor.lookupClass().getClassLoader());
                found[i] = new View(interceptor, type);
            } catch (ClassNotFoundException absent) {
                // an application usually has only one of the two
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("this version of " + CONTEXTS[i] + " is not known: " + e.getMessage(), e);
            }
        }
        views = found;
    }

    @Override
    public Interception read(Object given) throws Throwable {
        for (View view : views) {
            if (view != null && view.type.isInstance(given)) {
                return view.read(given);
            }
        }
        return null;
    }

    private static final class View {

        private final Class<?> type;
        private final MethodHandle method;
        private final MethodHandle target;
        private final MethodHandle arguments;

        View(MethodHandles.Lookup interceptor, Class<?> type) throws ReflectiveOperationException {
            this.type = type;
            method = interceptor
                    .findVirtual(type, "getMethod", methodType(Method.class))
                    .asType(methodType(Method.class, Object.class));
            target = interceptor
                    .findVirtual(type, "getTarget", methodType(Object.class))
                    .asType(methodType(Object.class, Object.class));
            arguments = interceptor
                    .findVirtual(type, "getParameters", methodType(Object[].class))
                    .asType(methodType(Object[].class, Object.class));
        }

        Interception read(Object given) throws Throwable {
            Method called = (Method) method.invokeExact(given);
            return called == null
                    ? null
                    : new Interception(
                            called, (Object) target.invokeExact(given), (Object[]) arguments.invokeExact(given));
        }
    }
}
