package io.floodlock.weaver.pointcut;

import java.util.List;
import java.util.Set;

/**
 * A method as its class file tells of it. Immutable.
 *
 * @param parameters as the descriptor has them
 * @param genericParameters as the source has them; the same list where it has no generics
 * @param exceptions binary names of the throws clause
 * @param annotations by descriptor
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
