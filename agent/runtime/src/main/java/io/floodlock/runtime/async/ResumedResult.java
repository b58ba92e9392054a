package io.floodlock.runtime.async;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;

/**
 * What resumes the caller of a suspend function that would have returned something to it. The two differ for a value
 * class (and {@code kotlin.Result} is one): where a function returns it, its only field may stand for it, but where a
 * continuation is resumed with it, it is always an object.
 *
 * <p>Not told apart: for a value class whose field may be null, a null that is the field of a value from a null that is
 * none. It is taken for none, but for {@code kotlin.Result}.
 */
final class ResumedResult {

    private static final ResumedResult SAME = new ResumedResult(null, null);

    private final Class<?> declared;
    private final MethodHandle box;

    private ResumedResult(Class<?> declared, MethodHandle box) {
        this.declared = declared;
        this.box = box;
    }

    /** @param caller may see what the function's class sees */
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
            throw new LinkageError(method + " is not for " + caller, e);
        }
    }

    /** The result in the Kotlin source, told by the continuation's type argument; null if it is no class. */
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

    Object of(Object returned) {
        if (box == null
                || declared.isInstance(returned)
                || returned == null && !declared.getName().equals("kotlin.Result")) {
            return returned;
        }
        return LibraryMethods.call(box, returned);
    }
}
