package io.floodlock.weaver.pointcut;

import java.util.List;
import java.util.Set;

/**
 * A class as its class file tells of it, as far as a pointcut may ask. Immutable.
 *
 * @param name binary, {@code com.shop.Orders$Line}
 * @param nested whether it is a class within another
 * @param anonymous whether it is one without a name
 * @param annotations by descriptor
 * @param superclass null for {@code java.lang.Object}
 * @param sealed whether it names all its subclasses
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

    /** A field as its class file tells of it. */
    record FieldShape(int access, String name, TypeUse type) {}

    /** The binary name of the class around it, null where there is none. */
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
