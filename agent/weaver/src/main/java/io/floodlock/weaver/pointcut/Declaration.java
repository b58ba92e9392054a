package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A method as declared or inherited by one type; {@code execution} is matched against declarations. A method has one
 * declaration for its own class, and one for each type from which it overrides or implements it. {@link Subject}
 * collects them.
 *
 * @param owner the type that declares or inherits the method
 * @param parameters erased, after type arguments have been substituted; so is the result
 */
record Declaration(TypeUse owner, MethodShape method, List<TypeUse> parameters, TypeUse result) {

    static Declaration asWritten(TypeShape owner, MethodShape method) {
        return new Declaration(TypeUse.of(owner.name()), method, method.parameters(), method.result());
    }

    /** The declaration as seen from a subtype that supplies type arguments: {@code Repository<Order>.save(Order)}. */
    static Declaration with(Map<String, TypeUse> arguments, TypeShape owner, MethodShape method) {
        List<TypeUse> parameters = new ArrayList<>();
        for (int i = 0; i < method.parameters().size(); i++) {
            parameters.add(filled(
                    method.genericParameters().get(i), method.parameters().get(i), arguments));
        }
        TypeUse result = filled(method.genericResult(), method.result(), arguments);
        return new Declaration(TypeUse.of(owner.name()), method, parameters, result);
    }

    /**
     * A type variable without an argument, for example one declared by the method itself, stays as in the descriptor.
     */
    private static TypeUse filled(TypeUse generic, TypeUse erased, Map<String, TypeUse> arguments) {
        boolean given = generic.isVariable() && arguments.containsKey(generic.name());
        return given ? generic.with(arguments).erasure() : erased;
    }

    Declaration in(TypeShape inheritor) {
        return new Declaration(TypeUse.of(inheritor.name()), method, parameters, result);
    }
}
