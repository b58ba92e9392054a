package io.floodlock.weaver.pointcut;

import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.util.List;

/**
 * Checks the declared types of one method, using the class files that its class loader can find. {@link DeclaredPath}
 * checks the paths of keys, and {@link DeclaredPayload} the arguments of stored calls. {@code ClassWeaver} creates it.
 */
public final class DeclaredShapes implements DeclaredTypes {

    private final TypeShape owner;
    private final MethodShape method;
    private final List<String> names;
    private final Types types;

    /** @param names parameter names; empty if they are unknown */
    public DeclaredShapes(TypeShape owner, MethodShape method, List<String> names, ClassFiles files) {
        this.owner = owner;
        this.method = method;
        this.names = names;
        this.types = name -> name.equals(owner.name()) ? owner : files.find(name);
    }

    @Override
    public String refusal(int parameter, List<String> steps, int each, String text) {
        TypeUse start = parameter < 0
                ? TypeUse.of(owner.name())
                : method.genericParameters().get(parameter);
        return new DeclaredPath(types, start, text).refusal(steps, each);
    }

    @Override
    public String payload(int parameter) {
        String name = names.isEmpty() ? "#" + parameter : names.get(parameter);
        return new DeclaredPayload(types).refusal(method.genericParameters().get(parameter), "parameter " + name);
    }
}
