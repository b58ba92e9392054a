package io.floodlock.runtime.async;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;

/**
 * Converts the value that a suspend function would have returned into the value with which its caller is resumed. The
 * two differ for a value class (and {@code kotlin.Result} is one). Where a function returns it, its only field may
 * stand for it; where a continuation is resumed with it, it is always an object. Thread-safe.
 *
 * <p>Limit: for a value class whose field may be null, a null that is the field of a value can't be distinguished from
 * a null that is no value. It is taken for no value, except for {@code kotlin.Result}.
 */
final class ResumedResult {

    private static final ResumedResult SAME = new ResumedResult(null, null);

    private final Class<?> declared;
    private final MethodHandle box;

    private ResumedResult(Class<?> declared, MethodHandle box) {
        this.declared = declared;
        this.box = box;
    }

    /** @param caller a lookup that sees what the function's class sees */
    static ResumedResult of(MethodHandles.Lookup caller, Method function) {
        Class<?> declared = declared(function);
        if (declared == null) {
            return SAME;
        }
        for (Method method : declared.getDeclaredMethods()) {
            if (method.getName().equals("box-impl") && Modifier.isStatic(method.getModifiers())) {
                return new ResumedResult(declared, box(caller, method));
            }
        }
        return SAME;
    }

    private static MethodHandle box(MethodHandles.Lookup caller, Method method) {
        try {
            MethodHandle box = caller.unreflect(method);
            return box.asType(box.type().generic());
        } catch (IllegalAccessException e) {
            throw new LinkageError(method + " is not accessible to " + caller, e);
        }
    }

    /** The result type in the Kotlin source, from the continuation's type argument; null if it is no class. */
    private static Class<?> declared(Method function) {
        Type[] parameters = function.getGenericParameterTypes();
        Type type = parameters[parameters.length - 1];
        if (type instanceof ParameterizedType continuation) {
            type = continuation.getActualTypeArguments()[0];
        }
        if (type instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 1) {
            type = wildcard.getLowerBounds()[0];
        }
        if (type instanceof ParameterizedType generic) {
            type = generic.getRawType();
        }
        return type instanceof Class<?> found && !found.isInterface() && !found.isArray() ? found : null;
    }

    /** The value with which to resume, for a returned value. */
    Object of(Object returned) {
        if (box == null
                || declared.isInstance(returned)
                || returned == null && !declared.getName().equals("kotlin.Result")) {
            return returned;
        }
        return LibraryMethods.call(box, returned);
    }
}
