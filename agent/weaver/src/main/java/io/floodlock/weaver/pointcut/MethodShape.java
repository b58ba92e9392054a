package io.floodlock.weaver.pointcut;

import java.util.List;
import java.util.Set;

/**
 * A method as described by its class file. Immutable.
 *
 * @param parameters types from the descriptor
 * @param genericParameters types from the source; the same list if there are no generics
 * @param exceptions types of the throws clause, by binary name
 * @param annotations descriptors of the annotations
 */
public record MethodShape(
        int access,
        String name,
        String descriptor,
        List<TypeUse> parameters,
        List<TypeUse> genericParameters,
        TypeUse result,
        TypeUse genericResult,
        List<TypeUse> exceptions,
        Set<String> annotations) {

    boolean is(int flag) {
        return (access & flag) != 0;
    }
}
