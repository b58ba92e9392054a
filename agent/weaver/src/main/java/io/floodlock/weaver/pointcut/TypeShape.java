package io.floodlock.weaver.pointcut;

import java.util.List;
import java.util.Set;

/**
 * A class as described by its class file, as far as pointcuts and the checks of declared types need it. Immutable.
 *
 * @param name binary name, {@code com.shop.Orders$Line}
 * @param nested whether it is a class inside another
 * @param anonymous whether it has no name in source
 * @param annotations descriptors of the annotations
 * @param variables the type variables it declares
 * @param superclass null for {@code java.lang.Object}
 * @param sealed whether it lists all its subclasses
 */
public record TypeShape(
        int access,
        String name,
        boolean nested,
        boolean anonymous,
        Set<String> annotations,
        List<TypeUse> variables,
        TypeUse superclass,
        List<TypeUse> interfaces,
        List<FieldShape> fields,
        List<MethodShape> methods,
        boolean sealed) {

    /** A field as described by its class file. */
    record FieldShape(int access, String name, TypeUse type) {}

    /** Binary name of the enclosing class; null if there is none. */
    String enclosing() {
        int end = name.lastIndexOf('$');
        return nested && end > 0 ? name.substring(0, end) : null;
    }

    public MethodShape method(String methodName, String descriptor) {
        for (MethodShape method : methods) {
            if (method.name().equals(methodName) && method.descriptor().equals(descriptor)) {
                return method;
            }
        }
        return null;
    }
}
