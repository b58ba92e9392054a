package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A type as used in a descriptor or a generic signature. Immutable.
 *
 * @param name {@code int}, {@code java.lang.String}, {@code java.util.Map$Entry}, or the {@code T} of a type variable
 * @param dimensions of an array; 0 for any other type
 * @param bound for a type variable the erasure of its first bound; null for every other type
 * @param arguments types between the angle brackets; empty if one of them is a wildcard, because nothing depends on
 *     them
 */
record TypeUse(String name, int dimensions, TypeUse bound, List<TypeUse> arguments) {

    static final TypeUse OBJECT = of("java.lang.Object");

    static TypeUse of(String name) {
        return new TypeUse(name, 0, null, List.of());
    }

    boolean isVariable() {
        return bound != null;
    }

    TypeUse array(int more) {
        return more == 0 ? this : new TypeUse(name, dimensions + more, bound, arguments);
    }

    TypeUse component() {
        return new TypeUse(name, dimensions - 1, bound, arguments);
    }

    TypeUse erasure() {
        if (isVariable()) {
            return bound.erasure().array(dimensions);
        }
        return arguments.isEmpty() ? this : new TypeUse(name, dimensions, null, List.of());
    }

    /** This type with its type variables substituted. */
    TypeUse with(Map<String, TypeUse> variables) {
        if (isVariable()) {
            TypeUse replaced = variables.get(name);
            return replaced == null ? this : replaced.array(dimensions);
        }
        return arguments.isEmpty() ? this : new TypeUse(name, dimensions, null, with(arguments, variables));
    }

    static List<TypeUse> with(List<TypeUse> types, Map<String, TypeUse> variables) {
        if (types.isEmpty() || variables.isEmpty()) {
            return types;
        }
        List<TypeUse> replaced = new ArrayList<>(types.size());
        for (TypeUse type : types) {
            replaced.add(type.with(variables));
        }
        return replaced;
    }
}
