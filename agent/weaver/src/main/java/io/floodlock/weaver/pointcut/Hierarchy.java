package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the direct supertypes of a type, by name and from class files. {@link TypeTest} uses it for patterns with
 * {@code +}.
 */
final class Hierarchy {

    private static final List<TypeUse> ARRAY_PARENTS =
            List.of(TypeUse.of("java.lang.Cloneable"), TypeUse.of("java.io.Serializable"), TypeUse.OBJECT);

    private Hierarchy() {}

    /** The direct supertypes; none for a type whose class file is missing. */
    static List<TypeUse> parents(TypeUse type, Types types) {
        if (type.dimensions() > 0) {
            return ARRAY_PARENTS;
        }
        TypeShape shape = type.name().indexOf('.') < 0 ? null : types.find(type.name());
        if (shape == null) {
            return List.of();
        }
        List<TypeUse> parents = new ArrayList<>(shape.interfaces());
        if (shape.superclass() != null) {
            parents.add(shape.superclass());
        }
        return parents;
    }
}
