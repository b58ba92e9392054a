package io.floodlock.runtime.type;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Public methods of the application's libraries, found by name. All handles have the type {@code (Object..)Object};
 * their exceptions are thrown unchanged. Thread-safe.
 */
public final class LibraryMethods {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

    private LibraryMethods() {}

    public static MethodHandle virtual(Class<?> owner, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return generic(LOOKUP.findVirtual(owner, name, MethodType.methodType(result, parameters))
                .asFixedArity());
    }

    public static MethodHandle statik(Class<?> owner, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return generic(LOOKUP.findStatic(owner, name, MethodType.methodType(result, parameters)));
    }

    private static MethodHandle generic(MethodHandle method) {
        return method.asType(method.type().generic());
    }

    public static Object call(MethodHandle method) {
        try {
            return (Object) method.invokeExact();
        } catch (Throwable e) {
            throw LibraryMethods.<RuntimeException>unchecked(e);
        }
    }

    public static Object call(MethodHandle method, Object a) {
        try {
            return (Object) method.invokeExact(a);
        } catch (Throwable e) {
            throw LibraryMethods.<RuntimeException>unchecked(e);
        }
    }

    public static Object call(MethodHandle method, Object a, Object b) {
        try {
            return (Object) method.invokeExact(a, b);
        } catch (Throwable e) {
            throw LibraryMethods.<RuntimeException>unchecked(e);
        }
    }

    public static Object call(MethodHandle method, Object a, Object b, Object c) {
        try {
            return (Object) method.invokeExact(a, b, c);
        } catch (Throwable e) {
            throw LibraryMethods.<RuntimeException>unchecked(e);
        }
    }

    public static Object call(MethodHandle method, Object a, Object b, Object c, Object d) {
        try {
            return (Object) method.invokeExact(a, b, c, d);
        } catch (Throwable e) {
            throw LibraryMethods.<RuntimeException>unchecked(e);
        }
    }

    /** Throws an exception that a library may throw without having declared it. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
