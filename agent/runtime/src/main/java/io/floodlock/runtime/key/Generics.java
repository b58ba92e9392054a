package io.floodlock.runtime.key;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;

/**
 * Resolves type arguments from a declaration to its use, as far as the declarations contain them. {@link PathBinder}
 * uses it.
 */
final class Generics {

    private Generics() {}

    static Class<?> erase(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return erase(variable.getBounds()[0]);
        }
        if (type instanceof WildcardType wildcard) {
            return erase(wildcard.getUpperBounds()[0]);
        }
        return Object[].class;
    }

    /**
     * The type argument of a supertype, for example the element type of {@code Items}, a class that extends
     * {@code List<Item>}. {@code Object} if it is unknown.
     */
    static Type argument(Type type, Class<?> of, int index) {
        Type seen = seenAs(type, of);
        return seen instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }

    /** The type of a member, with the type variables of the member's class replaced by the owner's type arguments. */
    static Type member(Type declared, Type owner, Class<?> declaring) {
        return resolved(declared, seenAs(owner, declaring), declaring);
    }

    private static Type seenAs(Type type, Class<?> target) {
        Class<?> raw = erase(type);
        if (raw == target) {
            return type instanceof ParameterizedType ? type : raw;
        }
        if (type instanceof TypeVariable<?> variable) {
            return seenAs(variable.getBounds()[0], target);
        }
        if (type instanceof WildcardType wildcard) {
            return seenAs(wildcard.getUpperBounds()[0], target);
        }
        Type parent = raw.getGenericSuperclass();
        if (parent != null && target.isAssignableFrom(erase(parent))) {
            return seenAs(resolved(parent, type, raw), target);
        }
        for (Type each : raw.getGenericInterfaces()) {
            if (target.isAssignableFrom(erase(each))) {
                return seenAs(resolved(each, type, raw), target);
            }
        }
        return target;
    }

    private static Type resolved(Type type, Type owner, Class<?> declaring) {
        if (!(owner instanceof ParameterizedType given)) {
            return type;
        }
        if (type instanceof TypeVariable<?> variable) {
            int index = Arrays.asList(declaring.getTypeParameters()).indexOf(variable);
            return index < 0 ? type : given.getActualTypeArguments()[index];
        }
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            Type[] all = new Type[arguments.length];
            Arrays.setAll(all, i -> resolved(arguments[i], owner, declaring));
            return new Resolved(parameterized.getRawType(), all);
        }
        return type;
    }

    private record Resolved(Type getRawType, Type[] getActualTypeArguments) implements ParameterizedType {

        @Override
        public Type getOwnerType() {
            return null;
        }
    }
}
