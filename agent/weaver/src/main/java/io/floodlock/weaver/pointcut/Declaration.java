package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A method as one type declares or inherits it: what {@code execution} is matched against. A method has one for its own class
 * and one for each type it overrides or implements it from.
 *
 * @param owner whose method it is, or who inherits it
 * @param parameters erased, after type arguments have been filled in; so is the result
 */
record Declaration(TypeUse owner, MethodShape method, List<TypeUse> parameters, TypeUse result) {

    static Declaration asWritten(TypeShape owner, MethodShape method) {
        return new Declaration(TypeUse.of(owner.name()), method, method.parameters(), method.result());
    }

    /** As a subtype sees it that names type arguments: {@code Repository<Order>.save(Order)}. */
    static Declaration with(Map<String, TypeUse> arguments, TypeShape owner, MethodShape method) {
        List<TypeUse> parameters = new ArrayList<>();
        for (int i = 0; i < method.parameters().size(); i++) {
            parameters.add(filled(
                    method.genericParameters().get(i), method.parameters().get(i), arguments));
        }
        TypeUse result = filled(method.genericResult(), method.result(), arguments);
        return new Declaration(TypeUse.of(owner.name()), method, parameters, result);
    }

    /** A variable that nobody gave an argument for, one of the method itself say, stays as the descriptor has it. */
    private static TypeUse filled(TypeUse generic, TypeUse erased, Map<String, TypeUse> arguments) {
        boolean given = generic.isVariable() && arguments.containsKey(generic.name());
        return given ? generic.with(arguments).erasure() : erased;
    }

    Declaration in(TypeShape inheritor) {
        return new Declaration(TypeUse.of(inheritor.name()), method, parameters, result);
    }
}
